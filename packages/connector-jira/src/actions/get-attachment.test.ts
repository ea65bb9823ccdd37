import { describe, expect, it } from 'vitest';
import { jiraStage } from '../__fixtures__/jira-stage.ts';

const action = 'get_attachment';

describe('get_attachment', () => {
  it('gives the content as base64 where it is asked for', async () => {
    const { provider, harness } = await jiraStage();
    const attachment = provider.addAttachment(provider.addIssue('One').key, 'disk.log', 'voll ☃').id;
    const read = async (content: boolean) => (await harness.execute({ action, input: { attachment, content } })).output;
    expect(await read(true)).toMatchObject({ name: 'disk.log', base64: Buffer.from('voll ☃').toString('base64') });
    expect(await read(false)).toMatchObject({ name: 'disk.log', base64: null });
  });

  it('does not ask for a content that is too large for an output, and says so', async () => {
    const { provider, harness } = await jiraStage();
    const attachment = provider.addAttachment(provider.addIssue('One').key, 'disk.log', 'x'.repeat(700_001)).id;
    const { output, warnings } = await harness.execute({ action, input: { attachment, content: true } });
    expect(output).toMatchObject({ size: 700_001, base64: null });
    expect(warnings).toEqual([expect.stringContaining('700001 bytes')]);
    expect(provider.requests).toHaveLength(1);
  });
});
