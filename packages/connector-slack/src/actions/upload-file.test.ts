import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { fakeSlack } from '@patchbay/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { slackStage } from '../__fixtures__/slack-stage.ts';
import { slack } from '../slack.ts';

describe('upload_file', () => {
  it.each([
    ['text', { text: 'Grüße' }, 7],
    ['base64', { base64: Buffer.from('0123456789').toString('base64') }, 10],
  ])('sends the bytes of %s to the address that Slack gives, without the token, and shares the file', async (_what, content, length) => {
    const { provider, harness } = await slackStage();
    const { output } = await harness.execute({ action: 'upload_file', input: { filename: 'a.txt', channel: 'C00000001', ...content } });
    expect(output).toEqual({ file: { id: 'F00000001', title: 'a.txt' } });
    expect(new URLSearchParams(provider.requests[0]?.body).get('length')).toBe(String(length));
    expect(provider.requests.map(({ path }) => path)).toEqual(['/api/files.getUploadURLExternal', '/api/files.completeUploadExternal']);
    expect(provider.state()).toMatchObject({
      files: [['F00000001', { bytes: length, channel: 'C00000001', withToken: false, shared: true }]],
    });
  });

  it('sends no bytes to an address elsewhere', async () => {
    const provider = await fakeSlack({ token: 'x' });
    const connector = slack({ origin: provider.origin, filesOrigin: 'https://files.slack.com' });
    const harness = createConnectorHarness({
      connector,
      credential: { type: 'bearer', token: 'x' },
      dangerouslyAllowPrivateNetworks: true,
    });
    onTestFinished(async () => {
      await harness.close();
      await provider.close();
    });
    await expect(harness.execute({ action: 'upload_file', input: { filename: 'a.txt', text: 'x' } })).rejects.toMatchObject({
      code: 'egress_refused',
      sent: 'no',
    });
    expect(provider.effects()).toEqual([]);
  });

  it('notifies nobody by its comment', async () => {
    const { provider, harness } = await slackStage();
    await harness.execute({ action: 'upload_file', input: { filename: 'a.txt', text: 'x', initial_comment: '<!here> look' } });
    expect(provider.requests[1]?.body).toContain('&lt;!here> look');
  });
});
