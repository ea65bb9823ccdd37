import { describe, expect, it } from 'vitest';
import { jiraStage } from '../__fixtures__/jira-stage.ts';

describe('deleting', () => {
  it('says whether the thing was there', async () => {
    const { provider, harness } = await jiraStage();
    const { key: issue } = provider.addIssue('One');
    const call = { action: 'delete_issue', input: { issue } };
    expect((await harness.execute(call)).output).toEqual({ issue, deleted: true });
    expect((await harness.execute(call)).output).toEqual({ issue, deleted: false });
  });

  it('is refused where the account may not, which is no being gone', async () => {
    const { provider, harness } = await jiraStage();
    provider.failNext(1, { kind: 'answer', status: 403 });
    const call = harness.execute({ action: 'delete_issue', input: { issue: provider.addIssue('One').key } });
    await expect(call).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
