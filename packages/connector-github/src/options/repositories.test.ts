import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { type ProviderReply, startFakeProvider } from '@patchbay/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { faultsOf } from '../__fixtures__/github-openapi.ts';
import { githubStage } from '../__fixtures__/github-stage.ts';
import { github } from '../github.ts';

const asked = { action: 'get_repository', field: 'repo', input: { owner: 'OctoCat' } };
const repository = (owner: string, name: string) => ({ name, full_name: `${owner}/${name}`, description: null, owner: { login: owner } });

async function harnessOf(routes: Readonly<Record<string, () => ProviderReply>>) {
  const provider = await startFakeProvider({ routes });
  const connector = github({ origin: provider.origin });
  const harness = createConnectorHarness({ connector, credential: { type: 'bearer', token: 'x' }, dangerouslyAllowPrivateNetworks: true });
  onTestFinished(async () => {
    await harness.close();
    await provider.close();
  });
  return { provider, harness };
}

describe('repositories to choose from', () => {
  it('are those of the owner, however it is written, and are asked for as GitHub describes it', async () => {
    const { provider, harness } = await githubStage();
    provider.addIssue('octocat/one', { title: 'x' });
    provider.addIssue('hubot/two', { title: 'x' });
    const { options, cursor } = await harness.options(asked);
    expect(options).toMatchObject([{ value: 'one', label: 'one' }]);
    expect(cursor).toBeNull();
    expect(provider.requests.flatMap(faultsOf)).toEqual([]);
  });

  it('go on after a full page', async () => {
    const { provider, harness } = await githubStage();
    for (let each = 0; each < 101; each += 1) provider.addIssue(`octocat/r${each}`, { title: 'x' });
    const first = await harness.options(asked);
    const second = await harness.options({ ...asked, cursor: first.cursor });
    expect([first.options.length, first.cursor, second.options.length, second.cursor]).toEqual([100, 2, 1, null]);
  });

  it('are what an installation reaches, where the token is nobody’s', async () => {
    const { harness } = await harnessOf({
      'GET /user/repos': () => ({ status: 403, json: { message: 'Resource not accessible by integration' } }),
      'GET /installation/repositories': () => ({ json: { total_count: 1, repositories: [repository('octocat', 'one')] } }),
    });
    expect((await harness.options(asked)).options.map(({ value }) => value)).toEqual(['one']);
  });

  it('are refused with the first reason where the token is a person’s without the permission', async () => {
    const { harness } = await harnessOf({
      'GET /user/repos': () => ({ status: 403, json: { message: 'Forbidden' } }),
      'GET /installation/repositories': () => ({ status: 404, json: {} }),
    });
    await expect(harness.options(asked)).rejects.toMatchObject({ code: 'permission_denied' });
  });
});

describe('what else there is to choose from', () => {
  const input = { owner: 'octocat', repo: 'Hello-World' };

  it.each([
    ['put_file', 'branch', [{ value: 'main', label: 'main', description: 'Protected' }]],
    [
      'create_issue',
      'labels',
      [
        { value: 'bug', label: 'bug', description: 'It does not work' },
        { value: 'question', label: 'question' },
      ],
    ],
    [
      'create_issue',
      'assignees',
      [
        { value: 'octocat', label: 'octocat' },
        { value: 'hubot', label: 'hubot' },
      ],
    ],
    [
      'create_issue',
      'milestone',
      [
        { value: 1, label: 'First release' },
        { value: 2, label: 'Second release', description: 'Due 2026-06-01' },
      ],
    ],
    ['dispatch_workflow', 'workflow', [{ value: 161_335, label: 'CI', description: '.github/workflows/ci.yml' }]],
  ] as const)('for %s, %s, is asked for as GitHub describes it', async (action, field, options) => {
    const { provider, harness } = await githubStage();
    provider.addIssue('octocat/Hello-World', { title: 'x' });
    expect((await harness.options({ action, field, input })).options).toEqual(options);
    expect(provider.requests.flatMap(faultsOf)).toEqual([]);
    const [request] = provider.requests;
    expect(request && faultsOf({ ...request, path: request.path.replace('per_page', 'size') })).not.toEqual([]);
  });

  it('is asked for at a repository alone', async () => {
    const { provider, harness } = await githubStage();
    const call = harness.options({ action: 'create_issue', field: 'labels', input: { owner: '../..', repo: 'x' } });
    await expect(call).rejects.toMatchObject({ code: 'invalid_argument', sent: 'no' });
    expect(provider.requests).toEqual([]);
  });
});
