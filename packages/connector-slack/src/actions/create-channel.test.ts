import { describe, expect, it } from 'vitest';
import { slackStage } from '../__fixtures__/slack-stage.ts';

const create = { action: 'create_channel', input: { name: 'launch' } };

describe('create_channel', () => {
  it('gives the channel that it made before, and says so', async () => {
    const { harness } = await slackStage();
    const first = await harness.execute(create);
    expect(first.output).toMatchObject({ channel: { name: 'launch' }, already_there: false });
    const second = await harness.execute(create);
    expect(second.output).toMatchObject({ channel: { id: 'C00000003', name: 'launch' }, already_there: true });
  });

  it.each([
    ['that somebody else made', { name: 'launch', members: ['U00000001'] }],
    ['that the app is not in and somebody else made', { name: 'launch', members: ['U00000002'] }],
  ])('does not take a channel %s for its own', async (_what, channel) => {
    const { provider, harness } = await slackStage();
    provider.addChannel(channel);
    await expect(harness.execute(create)).rejects.toMatchObject({
      code: 'provider_conflict',
      retryable: false,
      sent: 'no',
      details: { providerCode: 'name_taken' },
    });
  });

  it('does not find an archived one, whose name is taken all the same', async () => {
    const { harness } = await slackStage();
    await harness.execute(create);
    await harness.execute({ action: 'archive_channel', input: { channel: 'C00000003' } });
    await expect(harness.execute(create)).rejects.toMatchObject({ code: 'provider_conflict' });
  });
});

describe('rename_channel', () => {
  it('takes the name that the channel has already for success, and that of another one for a conflict', async () => {
    const { harness } = await slackStage();
    const rename = (name: string) => harness.execute({ action: 'rename_channel', input: { channel: 'C00000001', name } });
    expect((await rename('general')).output).toMatchObject({ channel: { id: 'C00000001', name: 'general' } });
    await expect(rename('ops')).rejects.toMatchObject({ code: 'provider_conflict', details: { providerCode: 'name_taken' } });
  });
});
