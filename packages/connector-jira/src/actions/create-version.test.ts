import { describe, expect, it } from 'vitest';
import { jiraStage } from '../__fixtures__/jira-stage.ts';

const action = 'create_version';

describe('create_version', () => {
  it('gives the version of that name that is there, also in other letters, and changes nothing of it', async () => {
    const { provider, harness } = await jiraStage();
    const { id } = provider.addVersion('2.4.0-RC1');
    const { output } = await harness.execute({ action, input: { project: 'OPS', name: '2.4.0-rc1', description: 'Another' } });
    expect(output).toEqual({ id, name: '2.4.0-RC1', created: false });
    expect(provider.held().versions).toEqual([{ id, projectId: 10_000, name: '2.4.0-RC1', fields: {} }]);
  });

  it("is told what Jira has against it where that is not the name's being taken", async () => {
    const { provider, harness } = await jiraStage();
    provider.failNext(1, { kind: 'answer', status: 400, body: { errors: { releaseDate: 'Too early.' } }, match: /^POST/ });
    const call = harness.execute({ action, input: { project: 'OPS', name: '2.4.0' } });
    await expect(call).rejects.toMatchObject({ code: 'provider_rejected', message: expect.stringContaining('releaseDate: Too early.') });
  });
});
