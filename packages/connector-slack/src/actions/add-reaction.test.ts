import { describe, expect, it } from 'vitest';
import { slackStage } from '../__fixtures__/slack-stage.ts';

describe('add_reaction', () => {
  it('takes a reaction that is there already for success, and says so', async () => {
    const { provider, harness } = await slackStage();
    const channel = provider.channel('general');
    const input = { channel, timestamp: provider.addMessage({ channel, text: 'Look' }).ts, name: 'eyes' };
    expect((await harness.execute({ action: 'add_reaction', input })).output).toEqual({ already_reacted: false });
    expect((await harness.execute({ action: 'add_reaction', input })).output).toEqual({ already_reacted: true });
    expect(provider.messages()[0]?.reactions).toEqual(['eyes']);
  });

  it('is told that a message is not there', async () => {
    const { harness } = await slackStage();
    const input = { channel: 'C00000001', timestamp: '1355517523.000005', name: 'eyes' };
    await expect(harness.execute({ action: 'add_reaction', input })).rejects.toMatchObject({
      code: 'provider_not_found',
      details: { providerCode: 'message_not_found' },
    });
  });

  it.each(['thumbsup::skin-tone-3', '+1', 'übel'])('takes the name %s', async (name) => {
    const { provider, harness } = await slackStage();
    const channel = provider.channel('general');
    const input = { channel, timestamp: provider.addMessage({ channel, text: 'Look' }).ts, name };
    await harness.execute({ action: 'add_reaction', input });
    expect(provider.messages()[0]?.reactions).toEqual([name]);
  });
});
