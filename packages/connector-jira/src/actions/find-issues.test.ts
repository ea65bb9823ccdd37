import { describe, expect, it } from 'vitest';
import { jiraStage } from '../__fixtures__/jira-stage.ts';

const call = { action: 'create_issue', input: { project: 'OPS', summary: 'The disk is full' } };

describe('looking for an issue', () => {
  it('finds one that the search does not know yet', async () => {
    const { provider, harness } = await jiraStage({ searchLag: 3 });
    provider.addIssue('Old');
    const since = Date.now();
    const { output } = await harness.execute(call);
    provider.addIssue('Newer');
    provider.addIssue('Newest');
    expect(await harness.reconcile({ ...call, since })).toEqual({ answer: 'found', output });
  });

  it('finds one in a project of which the search knows nothing', async () => {
    const { provider, harness } = await jiraStage({ searchLag: 1 });
    const since = Date.now();
    const { output } = await harness.execute(call);
    expect(await harness.reconcile({ ...call, since })).toEqual({ answer: 'found', output });
    expect(provider.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
  });

  it('finds one beyond the first page', async () => {
    const { provider, harness } = await jiraStage();
    const since = Date.now();
    const { output } = await harness.execute(call);
    for (let index = 0; index < 250; index += 1) provider.addIssue(`Another ${index}`);
    expect(await harness.reconcile({ ...call, since })).toEqual({ answer: 'found', output });
    expect(provider.requests.filter(({ method }) => method === 'GET')).toHaveLength(3);
  });

  it('stops at issues that are older than the call', async () => {
    const { provider, harness } = await jiraStage();
    for (let index = 0; index < 250; index += 1) provider.addIssue(`Another ${index}`);
    expect(await harness.reconcile({ ...call, since: Date.now() + 3_600_000 })).toEqual({ answer: 'absent' });
    expect(provider.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('does not answer for a project that gets more issues than it looks at', async () => {
    const { provider, harness } = await jiraStage();
    for (let index = 0; index < 1_001; index += 1) provider.addIssue(`Another ${index}`);
    expect(await harness.reconcile({ ...call, since: Date.now() })).toMatchObject({ answer: 'cannot_tell' });
  });

  it('reads an issue whose property someone else has set otherwise', async () => {
    const { harness, provider } = await jiraStage();
    const { output } = await harness.execute({ ...call, key: 'another' });
    expect(await harness.reconcile({ ...call, since: Date.now() })).toEqual({ answer: 'absent' });
    expect(await harness.reconcile({ ...call, key: 'another', since: Date.now() })).toEqual({ answer: 'found', output });
    expect(provider.effects()).toHaveLength(1);
  });
});
