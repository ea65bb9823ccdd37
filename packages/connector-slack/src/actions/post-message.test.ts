import { describe, expect, it } from 'vitest';
import { slackStage } from '../__fixtures__/slack-stage.ts';

describe('send_message', () => {
  it('lets no input set another field of Slack', async () => {
    const { provider, harness } = await slackStage();
    for (const extra of [{ username: 'root' }, { thread_ts: '1.000000' }, { link_names: true }, { metadata: { event_type: 'x' } }]) {
      await expect(harness.execute({ action: 'send_message', input: { channel: '#ops', text: 'x', ...extra } })).rejects.toMatchObject({
        code: 'invalid_input',
      });
    }
    expect(provider.requests).toEqual([]);
  });

  it("gives the channel's id, also where the name was given", async () => {
    const { provider, harness } = await slackStage();
    const { output } = await harness.execute({ action: 'send_message', input: { channel: '#ops', text: 'x' } });
    expect(output).toEqual({ channel: provider.channel('ops'), ts: provider.messages()[0]?.ts });
  });

  it('escapes everything in plain text, broadcasts allowed or not', async () => {
    const { provider, harness } = await slackStage();
    const text = 'a & <!here> > b';
    for (const allow_broadcasts of [false, true])
      await harness.execute({ action: 'send_message', input: { channel: '#ops', text, format: 'plain', allow_broadcasts } });
    expect(provider.messages().map((message) => message.text)).toEqual(Array(2).fill('a &amp; &lt;!here&gt; &gt; b'));
  });

  it('notifies nobody by a value that was rendered into text or blocks, unless the caller allows it', async () => {
    const { provider, harness } = await slackStage();
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'Title: <!channel>' } }];
    const input = { channel: '#ops', text: 'Title: <!here>', blocks };
    await harness.execute({ action: 'send_message', input });
    await harness.execute({ action: 'send_message', input: { ...input, allow_broadcasts: true } });
    const [quiet, loud] = provider.messages().map((message) => JSON.stringify([message.text, message.blocks]));
    expect(quiet).not.toContain('<!');
    expect(loud).toContain('<!here>');
    expect(loud).toContain('<!channel>');
  });

  it('keeps the metadata of the caller, and finds the message by its own mark in it', async () => {
    const { provider, harness } = await slackStage();
    const since = Date.now();
    const input = { channel: '#ops', text: 'x', metadata: { event_type: 'deploy', event_payload: { id: 7 } } };
    const { output } = await harness.execute({ action: 'send_message', input, key: 'first' });
    expect(provider.messages()[0]?.metadata).toEqual({ event_type: 'deploy', event_payload: { id: 7, patchbay_key: expect.any(String) } });
    expect(await harness.reconcile({ action: 'send_message', input, key: 'first', since })).toEqual({ answer: 'found', output });
    expect(await harness.reconcile({ action: 'send_message', input, key: 'second', since })).toEqual({ answer: 'absent' });
  });
});
