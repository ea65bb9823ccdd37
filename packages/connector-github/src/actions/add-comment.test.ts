import { describe, expect, it } from 'vitest';
import { faultsOf } from '../__fixtures__/github-openapi.ts';
import { fullName, githubStage, repository } from '../__fixtures__/github-stage.ts';

describe('add_comment', () => {
  it("sends what GitHub's description asks for, to comment and to look", async () => {
    const { provider, harness } = await githubStage();
    const input = { ...repository, issue_number: provider.addIssue(fullName, { title: 'x' }).number, body: 'Me too.' };
    await harness.execute({ action: 'add_comment', input });
    await harness.reconcile({ action: 'add_comment', input, since: Date.now() });
    expect(provider.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(provider.requests.flatMap(faultsOf)).toEqual([]);
  });

  it('looks only at comments since shortly before the call', async () => {
    const { provider, harness } = await githubStage();
    const input = { ...repository, issue_number: provider.addIssue(fullName, { title: 'x' }).number, body: 'Me too.' };
    await harness.reconcile({ action: 'add_comment', input, since: Date.UTC(2026, 0, 1, 12) });
    expect(new URL(provider.requests[0]?.path ?? '', provider.origin).searchParams.get('since')).toBe('2026-01-01T11:55:00.000Z');
  });

  it('is told that an issue is not there', async () => {
    const { harness } = await githubStage();
    const call = harness.execute({ action: 'add_comment', input: { ...repository, issue_number: 404, body: 'x' } });
    await expect(call).rejects.toMatchObject({ code: 'provider_not_found', sent: 'no', retryable: false });
  });
});
