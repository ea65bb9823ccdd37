import { describe, expect, it } from 'vitest';
import { slackStage } from '../__fixtures__/slack-stage.ts';

const names = Array.from({ length: 450 }, (_, index) => `c${index}`);
const list = (max_items: number) => ({ action: 'list_channels', input: { max_items } });

describe('listings', () => {
  it.each([
    [1, 1, true],
    [200, 1, true],
    [201, 2, true],
    [449, 3, true],
    [450, 3, false],
    [1_000, 3, false],
  ])('give %i of 450 items with %i requests, and say whether there are more', async (most, requests, has_more) => {
    const { provider, harness } = await slackStage({ channels: names });
    const { output } = await harness.execute(list(most));
    expect(output).toMatchObject({ has_more });
    expect(provider.requests).toHaveLength(requests);
    expect(output).toHaveProperty('channels.length', Math.min(most, names.length));
  });
});

describe('what is so already', () => {
  it.each([
    ['archive_channel', { channel: 'C00000001' }, 'already_archived'],
    ['leave_channel', { channel: 'C00000001' }, 'already_gone'],
    ['kick_from_channel', { channel: 'C00000003', user: 'U00000002' }, 'already_gone'],
    ['cancel_scheduled_message', { channel: 'C00000001', scheduled_message_id: 'Q00000001' }, 'already_gone'],
  ])('is success of %s, and told', async (action, input, field) => {
    const { provider, harness } = await slackStage();
    provider.addChannel({ name: 'lounge', members: ['U00000001', 'U00000002'] });
    provider.addScheduled('C00000001');
    expect((await harness.execute({ action, input })).output).toEqual({ [field]: false });
    expect((await harness.execute({ action, input })).output).toEqual({ [field]: true });
    expect(provider.effects()).toHaveLength(1);
  });

  it.each([
    ['remove_reaction', 'already_removed', { name: 'eyes' }],
    ['pin_message', 'already_pinned', {}],
    ['delete_message', 'already_gone', {}],
  ])('is success of %s, and told where it is about a message', async (action, field, more) => {
    const { provider, harness } = await slackStage();
    const message = provider.addMessage({ channel: 'C00000001', text: 'x', byApp: true });
    message.reactions.push('eyes');
    const input = { channel: 'C00000001', [action === 'delete_message' ? 'ts' : 'timestamp']: message.ts, ...more };
    expect((await harness.execute({ action, input })).output).toEqual({ [field]: false });
    expect((await harness.execute({ action, input })).output).toEqual({ [field]: true });
  });

  it('is no success where something else is wrong', async () => {
    const { provider, harness } = await slackStage();
    const { channel, ts } = provider.addMessage({ channel: 'C00000001', text: 'x' });
    await expect(harness.execute({ action: 'delete_message', input: { channel, ts } })).rejects.toMatchObject({
      details: { providerCode: 'cant_delete_message' },
    });
  });
});
