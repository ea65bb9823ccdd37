import { describe, expect, it } from 'vitest';
import { jiraStage } from '../__fixtures__/jira-stage.ts';

describe('add_comment', () => {
  it('does not look at comments that are older than the call', async () => {
    const { provider, harness } = await jiraStage();
    const input = { issue: provider.addIssue('x').key, body: 'x' };
    await harness.execute({ action: 'add_comment', input, key: 'another' });
    expect(await harness.reconcile({ action: 'add_comment', input, since: Date.now() + 3_600_000 })).toEqual({ answer: 'absent' });
    expect(provider.requests.filter(({ path }) => path.includes('/properties/'))).toEqual([]);
  });

  it('does not answer for an issue that gets more comments than it looks at', async () => {
    const { provider, harness } = await jiraStage();
    const input = { issue: provider.addIssue('x').key, body: 'x' };
    for (let index = 0; index < 51; index += 1) await harness.execute({ action: 'add_comment', input, key: `another ${index}` });
    expect(await harness.reconcile({ action: 'add_comment', input, since: Date.now() })).toMatchObject({ answer: 'cannot_tell' });
  });

  it('does not take a failed look at a comment for its not being ours', async () => {
    const { provider, harness } = await jiraStage();
    const input = { issue: provider.addIssue('x').key, body: 'x' };
    await harness.execute({ action: 'add_comment', input });
    provider.failNext(1, { kind: 'answer', status: 403, match: /properties/ });
    await expect(harness.reconcile({ action: 'add_comment', input, since: Date.now() })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });
});
