import { describe, expect, it } from 'vitest';
import { slackStage } from '../__fixtures__/slack-stage.ts';

const look = { action: 'send_message', input: { channel: '#general', text: 'Hello' } };

describe('looking for a message', () => {
  it('cannot tell without the scope to read the history', async () => {
    const { harness } = await slackStage({ scopes: ['chat:write', 'channels:read'] });
    expect(await harness.reconcile({ ...look, since: Date.now() })).toEqual({
      answer: 'cannot_tell',
      reason: expect.stringContaining('channels:history'),
    });
  });

  it('cannot tell for a channel whose name it may not look up', async () => {
    const { harness } = await slackStage({ scopes: ['chat:write', 'channels:history'] });
    expect(await harness.reconcile({ ...look, since: Date.now() })).toMatchObject({
      answer: 'cannot_tell',
      reason: expect.stringContaining('channels:read'),
    });
  });

  it('cannot tell for a name that is on no list, nor for a direct message given by its user', async () => {
    const { harness } = await slackStage();
    for (const channel of ['#secret', 'U012AB3CD']) {
      const input = { channel, text: 'Hello' };
      expect(await harness.reconcile({ action: 'send_message', input, since: Date.now() })).toMatchObject({ answer: 'cannot_tell' });
    }
  });

  it('cannot tell where a message of its own account shows no metadata', async () => {
    const { provider, harness } = await slackStage();
    const since = Date.now();
    // The same account, used by other code: whether this is the lost one cannot be seen.
    const token = 'xoxb-test-0000000000';
    const body = new URLSearchParams({ channel: provider.channel('general'), text: 'Hello' });
    await fetch(`${provider.origin}/api/chat.postMessage`, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } });
    expect(await harness.reconcile({ ...look, since })).toMatchObject({
      answer: 'cannot_tell',
      reason: expect.stringContaining('1 messages'),
    });
  });

  it('is not disturbed by messages of others', async () => {
    const { provider, harness } = await slackStage();
    const since = Date.now();
    for (let index = 0; index < 450; index += 1) provider.addMessage({ channel: provider.channel('general'), text: 'Hello' });
    expect(await harness.reconcile({ ...look, since })).toEqual({ answer: 'absent' });
  });

  it('finds its message behind two pages of others', async () => {
    const { provider, harness } = await slackStage();
    const since = Date.now();
    const { output } = await harness.execute(look);
    for (let index = 0; index < 450; index += 1) provider.addMessage({ channel: provider.channel('general'), text: 'Hello' });
    expect(await harness.reconcile({ ...look, since })).toEqual({ answer: 'found', output });
    expect(provider.requests.filter(({ path }) => path.startsWith('/api/conversations.history'))).toHaveLength(3);
  });

  it('does not answer for a channel that is too busy', async () => {
    const { provider, harness } = await slackStage();
    const since = Date.now();
    for (let index = 0; index < 2_001; index += 1) provider.addMessage({ channel: provider.channel('general'), text: 'Hello' });
    expect(await harness.reconcile({ ...look, since })).toMatchObject({
      answer: 'cannot_tell',
      reason: expect.stringContaining('2000 messages'),
    });
  });

  it('does not take a thread that its own account began for the lost reply', async () => {
    const { provider, harness } = await slackStage();
    const since = Date.now();
    const channel = provider.channel('general');
    const body = new URLSearchParams({ channel, text: 'A question' });
    await fetch(`${provider.origin}/api/chat.postMessage`, {
      method: 'POST',
      body,
      headers: { authorization: 'Bearer xoxb-test-0000000000' },
    });
    const input = { channel, thread_ts: provider.messages()[0]?.ts ?? '', text: 'An answer' };
    expect(await harness.reconcile({ action: 'reply_in_thread', input, since })).toEqual({ answer: 'absent' });
  });
});
