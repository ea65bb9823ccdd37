import type { JsonObject } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { fullName, githubStage, repository } from '../__fixtures__/github-stage.ts';

const sha = '6dcb09b5b57875f334f61aebed695e2e4193db5e';

describe('create_branch', () => {
  const input = { ...repository, branch: 'feature/one', sha };

  it('counts one that is there at the same commit as made, and no other', async () => {
    const { harness, provider } = await githubStage();
    const run = (fields: object = {}) => harness.execute({ action: 'create_branch', input: { ...input, ...fields } });
    expect((await run()).output).toEqual({ branch: 'feature/one', sha, already_there: false });
    expect((await run()).output).toEqual({ branch: 'feature/one', sha, already_there: true });
    await expect(run({ sha: 'f'.repeat(40) })).rejects.toMatchObject({ code: 'provider_rejected', details: { status: 422 } });
    expect(provider.effects()).toHaveLength(1);
  });

  it('is told where GitHub refuses for another reason', async () => {
    const { harness, provider } = await githubStage();
    provider.failNext(1, { kind: 'answer', status: 422, body: { message: 'Object does not exist' } });
    await expect(harness.execute({ action: 'create_branch', input })).rejects.toMatchObject({
      message: expect.stringContaining('Object does not exist'),
    });
  });
});

describe('remove_label', () => {
  it('counts one that the issue does not have as taken away, and does not take a missing issue for one', async () => {
    const { harness, provider } = await githubStage();
    const { number } = provider.addIssue(fullName, { title: 'x', labels: ['bug', 'question'] });
    const run = (issue_number: number) => harness.execute({ action: 'remove_label', input: { ...repository, issue_number, label: 'bug' } });
    expect((await run(number)).output).toEqual({ labels: ['question'] });
    expect((await run(number)).output).toEqual({ labels: ['question'] });
    await expect(run(404)).rejects.toMatchObject({ code: 'provider_not_found' });
    expect(provider.effects()).toHaveLength(1);
  });
});

describe('create_pull_request', () => {
  const input = { ...repository, title: 'New feature', head: 'feature', base: 'main' };
  const sent = async (from?: JsonObject) => {
    const { harness, provider } = await githubStage();
    await harness.execute({ action: 'create_pull_request', input: { ...input, ...(from ? { from } : {}) } });
    await harness.reconcile({ action: 'create_pull_request', input: { ...input, ...(from ? { from } : {}) }, since: Date.now() });
    const { head, head_repo } = JSON.parse(provider.requests[0]?.body ?? '{}');
    return [head, head_repo, new URL(provider.requests[1]?.path ?? '', provider.origin).searchParams.get('head')];
  };

  it('names the branch, and the fork that it is of', async () => {
    expect(await sent()).toEqual(['feature', undefined, 'octocat:feature']);
    expect(await sent({ owner: 'hubot', repo: 'hello' })).toEqual(['hubot:feature', undefined, 'hubot:feature']);
    expect(await sent({ owner: 'octocat', repo: 'hello-fork' })).toEqual(['octocat:feature', 'hello-fork', 'octocat:feature']);
  });
});
