import { path } from '@patchbay/core';
import { createTestHub, fakeSlack, slackDelivery } from '@patchbay/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mentionEvent, messageEvent, reactionEvent } from './__fixtures__/slack-events.ts';
import { slack } from './slack.ts';

const token = 'xoxb-test-0000000000';
const secret = 'a-signing-secret';

/** A hub with a connection that is confined to one channel. */
async function confinedHub(channel: string) {
  const provider = await fakeSlack({ token });
  const test = createTestHub({
    connectors: [slack({ origin: provider.origin })],
    apps: { slack: { webhookSecret: secret } },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  onTestFinished(async () => {
    await test.close();
    await provider.close();
  });
  const acme = test.tenant('acme');
  await acme.connections.put('team', {
    connector: 'slack',
    credential: { type: 'bearer', token },
    externalAccount: { id: 'T123ABC456' },
    confinedTo: { channel: [channel] },
  });
  return { provider, test, acme };
}

describe('a connection confined to channels', () => {
  it('posts there by the id of the channel, and nowhere else', async () => {
    const { provider, test, acme } = await confinedHub('C00000001');
    const send = (channel: string) => acme.actions.execute('slack.send_message', { connection: 'team', input: { channel, text: 'x' } });
    await send(provider.channel('general'));
    for (const channel of [provider.channel('ops'), '#general', 'general', 'c00000001', '#C00000001', 'U012AB3CD', 'C000000010'])
      await expect(send(channel), channel).rejects.toMatchObject({ code: 'resource_refused', details: { resource: 'channel' } });
    await test.settled();
    expect(provider.messages().map(({ channel }) => channel)).toEqual(['C00000001']);
  });

  it('replies and reacts there alone', async () => {
    const { provider, test, acme } = await confinedHub('C00000001');
    const elsewhere = provider.addMessage({ channel: provider.channel('ops'), text: 'Look' });
    const reply = { channel: elsewhere.channel, thread_ts: elsewhere.ts, text: 'x' };
    const reaction = { channel: elsewhere.channel, timestamp: elsewhere.ts, name: 'eyes' };
    await expect(acme.actions.execute('slack.reply_in_thread', { connection: 'team', input: reply })).rejects.toMatchObject({
      code: 'resource_refused',
    });
    await expect(acme.actions.execute('slack.add_reaction', { connection: 'team', input: reaction })).rejects.toMatchObject({
      code: 'resource_refused',
    });
    await test.settled();
    expect(provider.requests).toEqual([]);
  });

  it("refuses the host's own requests, whose channel stands in the query or the body", async () => {
    const { provider, acme } = await confinedHub('C00000001');
    const request = acme.request('team', { method: 'GET', path: path`/conversations.history`, query: { channel: 'C00000001' } });
    await expect(request).rejects.toMatchObject({ code: 'resource_refused', sent: 'no' });
    expect(provider.requests).toEqual([]);
  });

  it('takes in what happens there, and no more: not a reaction to a file, which names no channel', async () => {
    const { test, acme } = await confinedHub('C123ABC456');
    const file = { ...reactionEvent.event, item: { type: 'file', file: 'F1' } };
    const payloads = [
      messageEvent,
      mentionEvent,
      reactionEvent,
      { ...messageEvent, event: { ...messageEvent.event, channel: 'C999999999' } },
      { ...messageEvent, event: { ...messageEvent.event, channel: 'D123ABC456', channel_type: 'im' } },
      { ...reactionEvent, event: file },
    ];
    const timestamp = Math.floor(test.clock.now() / 1_000);
    for (const [index, payload] of payloads.entries()) {
      const delivery = slackDelivery({ payload: { ...payload, event_id: `Ev${index}` }, secret, timestamp });
      expect((await test.deliver('https://host.example.com/hub/webhooks/slack', delivery)).status).toBe(200);
    }
    const types = (await acme.events.list()).items.map(({ event }) => event.type).toReversed();
    expect(types).toEqual(['slack.message.posted', 'slack.app.mentioned', 'slack.reaction.added']);
    expect(test.noticesOf('webhook.dropped')).toHaveLength(3);
  });
});
