import type { Json, JsonObject } from '@patchbay/core';
import { showIssue } from './fake-github-issues.ts';
import { fieldsOf, invalid, pageOf } from './fake-github-replies.ts';
import { type FakeGithubWorld, nameOf, nextId, octocat, repositoryAt } from './fake-github-world.ts';
import type { ProviderHandler, ProviderRoutes } from './provider-reply.ts';

/** The routes of accounts, repositories, searches and gists, and of what fields can be set to. */
export function githubAccountRoutes(world: FakeGithubWorld, names: () => readonly string[]): ProviderRoutes {
  const at = '/repos/:owner/:repo';
  const all = (): readonly JsonObject[] => names().map(showRepository);
  return {
    'GET /user': () => ({ json: octocat }),
    'GET /user/repos': (request) => pageOf(request, all()),
    'GET /search/issues': (request) => {
      const [, name = ''] = /repo:(\S+)/.exec(request.query.get('q') ?? '') ?? [];
      const issues = (world.repositories.get(name.toLowerCase())?.issues ?? []).map(showIssue);
      return pageOf(request, issues, (items) => ({ total_count: issues.length, incomplete_results: false, items }));
    },
    'GET /search/repositories': (request) =>
      pageOf(request, all(), (items) => ({ total_count: all().length, incomplete_results: false, items })),
    [`GET ${at}`]: (request) => ({ json: showRepository(nameOf(request) ?? '') }),
    ...choices(at),
    [`PUT ${at}/collaborators/:login`]: (request) => {
      const { login = '' } = request.parameters;
      const { collaborators } = repositoryAt(world, request);
      const isKnown = collaborators.has(login);
      collaborators.set(login, String(fieldsOf(request)['permission'] ?? 'push'));
      return isKnown ? { status: 204, effect: true } : { status: 201, json: { id: 1, permissions: 'write' }, effect: true };
    },
    'POST /gists': (request) => {
      const { files, description } = fieldsOf(request);
      if (typeof files !== 'object' || files === null) return invalid('Gist', 'files');
      const id = String(nextId(world)).padStart(20, 'a');
      const gist = { id, html_url: `https://gist.github.com/${id}`, description: String(description ?? ''), files: Object.keys(files) };
      world.gists.push(gist);
      return { status: 201, json: gist, effect: true };
    },
  };
}

/** What fields of the inputs can be set to: two of each. */
function choices(at: string): ProviderRoutes {
  const listing =
    (items: readonly Json[]): ProviderHandler =>
    (request) =>
      pageOf(request, items);
  return {
    [`GET ${at}/labels`]: listing([
      { name: 'bug', description: 'It does not work' },
      { name: 'question', description: null },
    ]),
    [`GET ${at}/assignees`]: listing([octocat, { id: 2, login: 'hubot' }]),
    [`GET ${at}/milestones`]: listing([
      { number: 1, title: 'First release', due_on: null, state: 'open' },
      { number: 2, title: 'Second release', due_on: '2026-06-01T00:00:00Z', state: 'open' },
    ]),
  };
}

function showRepository(name: string): JsonObject {
  const [owner = '', repo = ''] = name.split('/');
  return {
    id: 1_296_269,
    name: repo,
    full_name: name,
    owner: { ...octocat, login: owner },
    private: false,
    archived: false,
    fork: false,
    description: 'A repository of the stand-in',
    default_branch: 'main',
    html_url: `https://github.com/${name}`,
    language: null,
    topics: [],
    stargazers_count: 0,
    open_issues_count: 0,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    pushed_at: '2026-01-01T00:00:00Z',
  };
}
