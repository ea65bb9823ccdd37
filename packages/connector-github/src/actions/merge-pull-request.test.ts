import { describe, expect, it } from 'vitest';
import { faultsOf } from '../__fixtures__/github-openapi.ts';
import { fullName, githubStage, repository } from '../__fixtures__/github-stage.ts';

const head = '6dcb09b5b57875f334f61aebed695e2e4193db5e';

async function openPull() {
  const stage = await githubStage();
  const { number } = stage.provider.addIssue(fullName, { title: 'New feature', head });
  return { ...stage, input: { ...repository, pull_number: number } };
}

describe('merge_pull_request', () => {
  it("sends what GitHub's description asks for, to merge and to look", async () => {
    const { provider, harness, input } = await openPull();
    const all = { ...input, sha: head, merge_method: 'rebase', commit_title: 'Title', commit_message: 'Message' };
    await harness.execute({ action: 'merge_pull_request', input: all });
    await harness.execute({ action: 'merge_pull_request', input: all });
    expect(provider.requests.map(({ method }) => method)).toEqual(['PUT', 'PUT', 'GET']);
    expect(provider.requests.flatMap(faultsOf)).toEqual([]);
  });

  it('gives the merge commit, and the same one when it is repeated', async () => {
    const { provider, harness, input } = await openPull();
    const first = await harness.execute({ action: 'merge_pull_request', input });
    const second = await harness.execute({ action: 'merge_pull_request', input });
    const sha = provider.issues(fullName)[0]?.pull?.merged;
    expect(first.output).toEqual({ sha, already_merged: false });
    expect(second.output).toEqual({ sha, already_merged: true });
    expect(provider.effects()).toHaveLength(1);
  });

  it('does not merge what was pushed after the review', async () => {
    const { provider, harness, input } = await openPull();
    const call = harness.execute({ action: 'merge_pull_request', input: { ...input, sha: 'f'.repeat(40) } });
    await expect(call).rejects.toMatchObject({ code: 'provider_conflict', sent: 'no' });
    expect(provider.effects()).toEqual([]);
  });

  it('does not take a merge at another head for success', async () => {
    const { harness, input } = await openPull();
    await harness.execute({ action: 'merge_pull_request', input });
    const call = harness.execute({ action: 'merge_pull_request', input: { ...input, sha: 'f'.repeat(40) } });
    await expect(call).rejects.toMatchObject({ code: 'provider_rejected' });
  });

  it('is told that a pull request cannot be merged', async () => {
    const { provider, harness, input } = await openPull();
    provider.failNext(1, { kind: 'answer', status: 405, body: { message: 'Pull Request is not mergeable' } });
    const call = harness.execute({ action: 'merge_pull_request', input });
    await expect(call).rejects.toMatchObject({
      code: 'provider_rejected',
      message: expect.stringContaining('Pull Request is not mergeable'),
    });
  });
});
