import { describe, expect, it } from 'vitest';
import { slackStage } from '../__fixtures__/slack-stage.ts';

const lounge = (users: readonly string[]) => ({ action: 'invite_to_channel', input: { channel: 'C00000003', users: [...users] } });

describe('invite_to_channel', () => {
  it('invites several in one request', async () => {
    const { provider, harness } = await slackStage();
    provider.addChannel({ name: 'lounge', members: ['U00000001'] });
    expect((await harness.execute(lounge(['U00000002', 'U00000003']))).output).toEqual({ already_in_channel: [] });
    expect(provider.requests).toHaveLength(1);
  });

  // Slack invites nobody where one of several is there already.
  it('invites the others where some are there already', async () => {
    const { provider, harness } = await slackStage();
    provider.addChannel({ name: 'lounge', members: ['U00000001', 'U00000002'] });
    expect((await harness.execute(lounge(['U00000002', 'U00000003']))).output).toEqual({ already_in_channel: ['U00000002'] });
    const { output } = await harness.execute({ action: 'list_members', input: { channel: 'C00000003' } });
    expect(output).toMatchObject({ members: ['U00000001', 'U00000002', 'U00000003'] });
  });

  it('takes one person who is there for success, and one who is not in the workspace for an error', async () => {
    const { provider, harness } = await slackStage();
    provider.addChannel({ name: 'lounge', members: ['U00000001', 'U00000002'] });
    expect((await harness.execute(lounge(['U00000002']))).output).toEqual({ already_in_channel: ['U00000002'] });
    await expect(harness.execute(lounge(['U99999999']))).rejects.toMatchObject({ code: 'provider_not_found' });
  });
});
