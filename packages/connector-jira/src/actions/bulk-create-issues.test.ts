import { describe, expect, it } from 'vitest';
import { jiraStage } from '../__fixtures__/jira-stage.ts';

const action = 'bulk_create_issues';
const input = { project: 'OPS', issues: ['One', 'Two', 'Three'].map((summary) => ({ summary })) };

describe('bulk_create_issues', () => {
  it('tells what was made and what Jira refused by the place in the list', async () => {
    const { provider, harness } = await jiraStage();
    const made = { id: '1', key: 'OPS-1', self: `${provider.origin}/rest/api/3/issue/1` };
    const errors = [{ status: 400, elementErrors: { errorMessages: [], errors: { summary: 'Too short.' } }, failedElementNumber: 1 }];
    const body = { issues: [made, { ...made, id: '3', key: 'OPS-3' }], errors };
    provider.failNext(1, { kind: 'answer', status: 201, body, match: /bulk/ });
    const { output } = await harness.execute({ action, input });
    expect(output).toMatchObject({
      issues: [
        { index: 0, key: 'OPS-1' },
        { index: 2, key: 'OPS-3' },
      ],
      refused: [{ index: 1, message: 'summary: Too short.' }],
    });
  });

  it('does not answer where only some of them are found', async () => {
    const { provider, harness } = await jiraStage();
    const since = Date.now();
    await harness.execute({ action, input: { ...input, issues: input.issues.slice(1) } });
    expect(provider.issues()).toHaveLength(2);
    expect(await harness.reconcile({ action, input, since })).toMatchObject({ answer: 'cannot_tell' });
  });

  it('finds fifty that the search does not know yet', async () => {
    const { harness } = await jiraStage({ searchLag: 50 });
    const many = { project: 'OPS', issues: Array.from({ length: 50 }, (_, number) => ({ summary: `Issue ${number}` })) };
    const since = Date.now();
    const { output } = await harness.execute({ action, input: many });
    expect(await harness.reconcile({ action, input: many, since })).toEqual({ answer: 'found', output });
  });
});
