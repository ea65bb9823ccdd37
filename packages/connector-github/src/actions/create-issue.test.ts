import { describe, expect, it } from 'vitest';
import { faultsOf } from '../__fixtures__/github-openapi.ts';
import { fullName, githubStage, repository } from '../__fixtures__/github-stage.ts';

const full = { ...repository, title: 'Found a bug', body: 'It breaks.', labels: ['bug'], assignees: ['octocat'], milestone: 1 };

describe('create_issue', () => {
  it("sends what GitHub's description asks for, to create and to look", async () => {
    const { provider, harness } = await githubStage();
    await harness.execute({ action: 'create_issue', input: full });
    await harness.reconcile({ action: 'create_issue', input: full, since: Date.now() });
    expect(provider.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(provider.requests.flatMap(faultsOf)).toEqual([]);
  });

  it('sends every field of the input and no other but the hidden marker', async () => {
    const { provider, harness } = await githubStage();
    await harness.execute({ action: 'create_issue', input: full });
    const { owner: _owner, repo: _repo, ...fields } = full;
    expect(JSON.parse(provider.requests[0]?.body ?? '')).toEqual({
      ...fields,
      body: expect.stringMatching(/^<!-- patchbay:[\w-]{32} -->\n\nIt breaks\.$/),
    });
  });

  it('sends the headers that GitHub asks for', async () => {
    const { provider, harness } = await githubStage();
    await harness.execute({ action: 'create_issue', input: { ...repository, title: 'x' } });
    expect(provider.requests[0]?.headers).toMatchObject({
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      'user-agent': 'patchbay',
      'content-type': 'application/json; charset=utf-8',
    });
  });

  it('finds its issue beyond the first page', async () => {
    const { provider, harness } = await githubStage();
    const { output } = await harness.execute({ action: 'create_issue', input: full });
    for (let index = 0; index < 250; index += 1) provider.addIssue(fullName, { title: `Another ${index}` });
    expect(await harness.reconcile({ action: 'create_issue', input: full, since: Date.now() })).toEqual({ answer: 'found', output });
    expect(provider.requests.filter(({ method }) => method === 'GET')).toHaveLength(3);
  });

  it('does not look at issues that are older than the call', async () => {
    const { provider, harness } = await githubStage();
    for (let index = 0; index < 250; index += 1) provider.addIssue(fullName, { title: `Another ${index}` });
    expect(await harness.reconcile({ action: 'create_issue', input: full, since: Date.now() + 3_600_000 })).toEqual({ answer: 'absent' });
    expect(provider.requests).toHaveLength(1);
  });

  it('does not answer for a repository that gets more issues than it looks at', async () => {
    const { provider, harness } = await githubStage();
    for (let index = 0; index < 1_001; index += 1) provider.addIssue(fullName, { title: `Another ${index}` });
    expect(await harness.reconcile({ action: 'create_issue', input: full, since: Date.now() })).toMatchObject({ answer: 'cannot_tell' });
  });

  it('takes neither a pull request nor a copy with the same marker for its issue', async () => {
    const { provider, harness } = await githubStage();
    const { output } = await harness.execute({ action: 'create_issue', input: full });
    const body = provider.issues(fullName)[0]?.body ?? '';
    provider.addIssue(fullName, { title: 'A copy', body });
    provider.addIssue(fullName, { title: 'A pull request', body, head: 'a'.repeat(40) });
    provider.addIssue(fullName, { title: 'A quotation', body: `> ${body}` });
    expect(await harness.reconcile({ action: 'create_issue', input: full, since: Date.now() })).toEqual({ answer: 'found', output });
  });

  it('finds its issue when a person has closed it at once', async () => {
    const { provider, harness } = await githubStage();
    const { output } = await harness.execute({ action: 'create_issue', input: full });
    for (const issue of provider.issues(fullName)) issue.state = 'closed';
    expect(await harness.reconcile({ action: 'create_issue', input: full, since: Date.now() })).toEqual({ answer: 'found', output });
  });

  it('does not take a pull request for its issue where there is none', async () => {
    const { provider, harness } = await githubStage();
    await harness.execute({ action: 'create_issue', input: full });
    const body = provider.issues(fullName)[0]?.body ?? '';
    provider.addIssue('octocat/fork', { title: 'A pull request', body, head: 'a'.repeat(40) });
    const input = { ...full, repo: 'fork' };
    expect(await harness.reconcile({ action: 'create_issue', input, since: Date.now() })).toEqual({ answer: 'absent' });
  });

  it('is not deceived by a body that brings the marker of another dispatch', async () => {
    const { provider, harness } = await githubStage();
    await harness.execute({ action: 'create_issue', input: full, key: 'first' });
    const marker = /<!-- .* -->/.exec(provider.issues(fullName)[0]?.body ?? '')?.[0] ?? '';
    provider.addIssue(fullName, { title: 'x' });
    await harness.execute({ action: 'create_issue', input: { ...full, body: marker }, key: 'second' });
    const found = await harness.reconcile({ action: 'create_issue', input: full, key: 'first', since: Date.now() });
    expect(found).toMatchObject({ output: { number: 1 } });
  });
});
