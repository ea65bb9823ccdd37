import { createTestHub, fakeSlackWebhook } from '@patchbay/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { slack, slackIncomingWebhook } from '../slack.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** A hub with a connection to an incoming webhook. */
async function webhookHub() {
  const provider = await fakeSlackWebhook();
  const connectors = [slackIncomingWebhook({ origin: provider.origin }), slack({ origin: provider.origin })];
  const test = createTestHub({ connectors, logger: quiet });
  onTestFinished(async () => {
    await test.close();
    await provider.close();
  });
  const acme = test.tenant('acme');
  const put = (url: string) =>
    acme.connections.put('hook', { connector: 'slack-webhook', credential: { type: 'secret_url', url }, settings: { channel: '#ops' } });
  return { provider, test, acme, put };
}

describe('an incoming webhook', () => {
  it('posts by its URL, which nobody sees', async () => {
    const { provider, test, acme, put } = await webhookHub();
    await put(provider.url);
    const input = { text: 'Deployed <!here>' };
    const { dispatchId } = await acme.actions.execute('slack-webhook.post_to_webhook', { connection: 'hook', input });
    await test.settled();
    expect(provider.posted()).toEqual([{ text: 'Deployed &lt;!here>' }]);
    const shown = JSON.stringify([
      await acme.dispatches.get(dispatchId),
      test.notices,
      await acme.connections.list(),
      (await acme.audit.list()).items,
    ]);
    expect(shown).toContain('succeeded');
    for (const part of [provider.url, 'aBcDeFgHiJkLmNoPqRsTuVwX', '/services/']) expect(shown).not.toContain(part);
  });

  it('is checked without posting', async () => {
    const { provider, acme, put } = await webhookHub();
    await put(provider.url);
    expect(await acme.connections.test('hook')).toMatchObject({ healthy: true, account: { id: '#ops' } });
    await put(provider.url.replace('aBcD', 'xXxX'));
    expect((await acme.connections.test('hook')).healthy).toBe(false);
    expect(provider.posted()).toEqual([]);
  });

  it.each([
    'https://evil.example.com/services/T00000001/B00000001/aBcDeFgHiJkLmNoPqRsTuVwX',
    '{origin}/services/T00000001/B00000001',
    '{origin}/services/T00000001/B00000001/aBcD/more',
    '{origin}/api/chat.postMessage',
  ])('is not stored with the URL %s', async (url) => {
    const { provider, put } = await webhookHub();
    await expect(put(url.replace('{origin}', provider.origin))).rejects.toMatchObject({ code: 'credential_missing' });
  });

  it('is no way into the Web API', async () => {
    const { provider, acme } = await webhookHub();
    const put = acme.connections.put('team', { connector: 'slack', credential: { type: 'secret_url', url: provider.url } });
    await expect(put).rejects.toMatchObject({ code: 'credential_missing' });
  });
});
