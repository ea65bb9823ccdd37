import { describe, expect, it } from 'vitest';
import { faultsOf, operationOf } from '../__fixtures__/github-openapi.ts';
import { githubStage } from '../__fixtures__/github-stage.ts';

const containers = ['octocat/one', 'octocat/two'];

describe('the content of issues and comments', () => {
  it('is read repository by repository, as GitHub describes it', async () => {
    const { provider, harness } = await githubStage();
    provider.addIssue('octocat/one', { title: 'Found a bug', body: 'It breaks.', labels: ['bug'] });
    provider.addIssue('octocat/two', { title: 'New feature', head: 'a'.repeat(40) });
    const first = await harness.content({ source: 'issues', cursor: null, containers });
    expect(first).toMatchObject({
      more: true,
      documents: [{ title: '#1 Found a bug', text: 'It breaks.', kind: 'issue', container: 'octocat/one' }],
    });
    expect(first.documents[0]?.attributes).toEqual({ number: 1, state: 'open', labels: 'bug' });
    const second = await harness.content({ source: 'issues', cursor: first.cursor, containers });
    expect(second).toMatchObject({ more: false, documents: [{ title: '#1 New feature', text: '', kind: 'pull_request' }] });
    await harness.content({ source: 'comments', cursor: null, containers });
    expect(provider.requests.map(operationOf)).toEqual(['issues/list-for-repo', 'issues/list-for-repo', 'issues/list-comments-for-repo']);
    expect(provider.requests.flatMap(faultsOf)).toEqual([]);
    const [request] = provider.requests;
    expect(request && faultsOf({ ...request, path: request.path.replace('sort=updated', 'sort=newest') })).not.toEqual([]);
  });

  it('goes on from the newest of a full page, and by pages where all of one is of the same second', async () => {
    const { provider, harness } = await githubStage();
    for (let each = 0; each < 250; each += 1) provider.addIssue('octocat/one', { title: `x${each}` });
    for (const issue of provider.issues('octocat/one')) issue.updated_at = '2026-01-01T00:00:00Z';
    const ids = new Set<string>();
    let cursor: Awaited<ReturnType<typeof harness.content>>['cursor'] = null;
    for (let more = true; more; ) {
      const page = await harness.content({ source: 'issues', cursor, containers: ['octocat/one'] });
      for (const { id } of page.documents) ids.add(id);
      ({ cursor, more } = page);
    }
    expect(ids.size).toBe(250);
    const asked = provider.requests.map(({ path }) => new URL(path, provider.origin).searchParams);
    expect(asked.map((query) => `${query.get('since')} ${query.get('page')}`)).toEqual([
      'null 1',
      '2026-01-01T00:00:00Z 1',
      '2026-01-01T00:00:00Z 2',
      '2026-01-01T00:00:00Z 3',
    ]);
  });

  it('of a repository that is gone, or has no issues, holds up no other', async () => {
    const { provider, harness } = await githubStage();
    provider.addIssue('octocat/two', { title: 'x' });
    for (const status of [404, 410]) {
      provider.failNext(1, { kind: 'answer', status, body: { message: 'Gone' } });
      const first = await harness.content({ source: 'issues', cursor: null, containers });
      expect(first).toMatchObject({ documents: [], more: true });
      expect((await harness.content({ source: 'issues', cursor: first.cursor, containers })).documents).toHaveLength(1);
    }
  });

  it('names the issue that a comment is on', async () => {
    const { provider, harness } = await githubStage();
    const { id } = provider.addComment('octocat/one', 'Me too.');
    const { documents } = await harness.content({ source: 'comments', cursor: null, containers: ['octocat/one'] });
    expect(documents).toMatchObject([{ id: String(id), kind: 'comment', title: 'Comment on #1', text: 'Me too.', author: 'octocat' }]);
  });
});
