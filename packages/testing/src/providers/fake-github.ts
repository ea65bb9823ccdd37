import { systemClock } from '@patchbay/core/adapter';
import { type FakeGithubHook, type FakeGithubHooks, githubHookRoutes } from './fake-github-hooks.ts';
import { githubOAuthRoutes } from './fake-github-oauth.ts';
import { bearerOf, type FakeAppOptions, fakeGrants } from './fake-grants.ts';
import { type FakeProvider, startFakeProvider } from './fake-provider.ts';
import type { ProviderHandler, ProviderReply, ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** What {@link fakeGithub} is given. */
export interface FakeGithubOptions {
  /** The one token that is let in. */
  readonly token: string;
  /** Names such as octocat/hello; any other is not found. @default every name exists */
  readonly repositories?: readonly string[];
  /** An app whose grants are let in too; with `expiresIn` a GitHub App. @default none */
  readonly app?: FakeAppOptions;
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: () => number;
}

/** An issue or pull request of the stand-in. */
export interface FakeGithubIssue {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  state: 'open' | 'closed';
  readonly labels: readonly string[];
  readonly created_at: string;
  readonly html_url: string;
  readonly comments: { readonly id: number; readonly body: string; readonly created_at: string; readonly html_url: string }[];
  readonly pull: { readonly head: string; merged: string | null } | null;
}

/** A stand-in for GitHub's REST API: issues, comments, pull requests, webhooks, as far as the connector uses them. */
export interface FakeGithub extends FakeProvider {
  /** The issues and pull requests of a repository, oldest first. */
  issues(repository: string): readonly FakeGithubIssue[];
  /** The webhooks of a repository (owner/name) or of an organisation, oldest first. */
  hooks(place: string): readonly FakeGithubHook[];
  /** Adds one that another program has made, or a person. */
  addHook(place: string, hook: Omit<FakeGithubHook, 'id'>): FakeGithubHook;
  /** Every token that the app's grants have had. */
  tokens(): readonly string[];
  /** Adds an issue or, with a head, a pull request. */
  addIssue(repository: string, issue: { readonly title: string; readonly body?: string; readonly head?: string }): FakeGithubIssue;
}

interface State {
  readonly repositories: Map<string, FakeGithubIssue[]>;
  readonly hooks: FakeGithubHooks;
  readonly now: () => number;
  ids: number;
}

/** Starts the stand-in. It refuses another token with 401 and a request without a user agent with 403, as GitHub does. */
export async function fakeGithub(options: FakeGithubOptions): Promise<FakeGithub> {
  const state: State = { repositories: new Map(), hooks: new Map(), now: options.now ?? systemClock.now, ids: 1_000 };
  const { now } = state;
  const prefixes = { access: options.app?.expiresIn === undefined ? 'gho_' : 'ghu_', refresh: 'ghr_' };
  const grants = options.app && fakeGrants({ ...options.app, now, scopeSeparator: ' ', prefixes });
  const known = options.repositories === undefined ? undefined : new Set(options.repositories);
  const guarded = (handler: ProviderHandler) => (request: ProviderRequest) => {
    if (request.headers['user-agent'] === undefined) return refusal(403, 'Request forbidden by administrative rules.');
    const token = bearerOf(request);
    if (token !== options.token && grants?.find(token) === undefined) return refusal(401, 'Bad credentials');
    const repository = repositoryOf(request);
    return repository !== undefined && known?.has(repository) === false ? notFound() : handler(request);
  };
  const routes = Object.entries(routesOf(state)).map(([route, handler]) => [route, guarded(handler)] as const);
  const provider = await startFakeProvider({
    routes: { ...Object.fromEntries(routes), ...(grants ? githubOAuthRoutes(grants, now) : {}) },
    handler: notFound,
    idempotencyKeyOf: ({ body }) => /<!-- patchbay:([\w-]+) -->/.exec(body)?.[1],
    limitBody: { message: 'API rate limit exceeded for user ID 1.', documentation_url: 'https://docs.github.com/rest' },
  });
  return {
    ...provider,
    tokens: () => grants?.tokens() ?? [],
    hooks: (place) => state.hooks.get(place) ?? [],
    addHook(place, hook) {
      const added = { id: nextId(state), ...hook };
      state.hooks.set(place, [...(state.hooks.get(place) ?? []), added]);
      return added;
    },
    issues: (repository) => state.repositories.get(repository) ?? [],
    addIssue: (repository, { head, ...issue }) => addIssue(state, repository, issue, head),
  };
}

function nextId(state: State): number {
  state.ids += 1;
  return state.ids;
}

function routesOf(state: State): ProviderRoutes {
  return {
    ...githubHookRoutes(state.hooks, () => nextId(state)),
    'GET /user': () => ({ json: { id: 1, login: 'octocat' } }),
    'POST /repos/:owner/:repo/issues': (request) => {
      const { title, body, labels } = fieldsOf(request);
      if (typeof title !== 'string' || title === '') return invalid('title');
      const names = Array.isArray(labels) ? labels.map(String) : [];
      const issue = addIssue(state, repositoryOf(request) ?? '', { title, labels: names, ...(typeof body === 'string' ? { body } : {}) });
      return { status: 201, json: showIssue(issue), effect: true };
    },
    'GET /repos/:owner/:repo/issues': (request) => {
      const wanted = request.query.get('state') ?? 'open';
      const all = state.repositories.get(repositoryOf(request) ?? '') ?? [];
      const issues = all.filter((issue) => wanted === 'all' || issue.state === wanted);
      return page(request, request.query.get('direction') === 'asc' ? issues : issues.toReversed(), showIssue);
    },
    'POST /repos/:owner/:repo/issues/:number/comments': (request) => addComment(state, issueOf(state, request), fieldsOf(request)['body']),
    'GET /repos/:owner/:repo/issues/:number/comments': (request) => {
      const issue = issueOf(state, request);
      if (!issue) return notFound();
      const since = Date.parse(request.query.get('since') ?? '1970-01-01');
      return page(
        request,
        issue.comments.filter(({ created_at }) => Date.parse(created_at) >= since),
        (comment) => comment,
      );
    },
    'GET /repos/:owner/:repo/pulls/:number': (request) => {
      const issue = issueOf(state, request);
      if (!issue?.pull) return notFound();
      const { merged, head } = issue.pull;
      return { json: { number: issue.number, merged: merged !== null, merge_commit_sha: merged, head: { sha: head } } };
    },
    'PUT /repos/:owner/:repo/pulls/:number/merge': (request) => merge(issueOf(state, request), fieldsOf(request)['sha']),
  };
}

function addComment(state: State, issue: FakeGithubIssue | undefined, body: unknown): ProviderReply {
  if (!issue) return notFound();
  if (typeof body !== 'string' || body === '') return invalid('body');
  state.ids += 1;
  const comment = { id: state.ids, body, created_at: timeOf(state), html_url: `${issue.html_url}#issuecomment-${state.ids}` };
  issue.comments.push(comment);
  return { status: 201, json: comment, effect: true };
}

function merge(issue: FakeGithubIssue | undefined, sha: unknown): ProviderReply {
  if (!issue?.pull) return notFound();
  if (issue.pull.merged !== null) return refusal(405, 'Pull Request is not mergeable');
  if (sha !== undefined && sha !== issue.pull.head) return refusal(409, 'Head branch was modified. Review and try the merge again.');
  issue.pull.merged = String(issue.number).padStart(40, 'a');
  return { json: { sha: issue.pull.merged, merged: true, message: 'Pull Request successfully merged' }, effect: true };
}

function addIssue(
  state: State,
  repository: string,
  fields: { title: string; body?: string; labels?: string[] },
  head?: string,
): FakeGithubIssue {
  const issues = state.repositories.get(repository) ?? [];
  state.repositories.set(repository, issues);
  const number = issues.length + 1;
  state.ids += 1;
  const issue: FakeGithubIssue = {
    id: state.ids,
    number,
    title: fields.title,
    body: fields.body ?? null,
    state: 'open',
    labels: fields.labels ?? [],
    created_at: timeOf(state),
    html_url: `https://github.com/${repository}/${head === undefined ? 'issues' : 'pull'}/${number}`,
    comments: [],
    pull: head === undefined ? null : { head, merged: null },
  };
  issues.push(issue);
  return issue;
}

function showIssue({ comments, labels, pull, ...issue }: FakeGithubIssue) {
  const parts = { ...issue, comments: comments.length, labels: labels.map((name) => ({ name })) };
  return pull === null ? parts : { ...parts, pull_request: { html_url: issue.html_url } };
}

/** A page with the header by which GitHub names the next. */
function page<Item>(
  request: ProviderRequest,
  items: readonly Item[],
  show: (item: Item) => ReturnType<typeof showIssue> | { id: number },
): ProviderReply {
  const size = Number(request.query.get('per_page') ?? 30);
  const number = Number(request.query.get('page') ?? 1);
  const next = new URLSearchParams(request.query);
  next.set('page', String(number + 1));
  const more = items.length > size * number;
  const headers = more ? { link: `<http://${request.headers['host']}${request.path}?${next}>; rel="next"` } : {};
  return {
    json: items.slice(size * (number - 1), size * number).map(show),
    headers: { ...headers, 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4999' },
  };
}

const timeOf = ({ now }: State): string => `${new Date(now()).toISOString().slice(0, 19)}Z`;

const repositoryOf = ({ parameters: { owner, repo } }: ProviderRequest): string | undefined =>
  owner === undefined ? undefined : `${owner}/${repo}`;

const issueOf = (state: State, request: ProviderRequest): FakeGithubIssue | undefined =>
  state.repositories.get(repositoryOf(request) ?? '')?.[Number(request.parameters['number']) - 1];

function fieldsOf({ json }: ProviderRequest): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : {};
}

const refusal = (status: number, message: string): ProviderReply => ({
  status,
  json: { message, documentation_url: 'https://docs.github.com/rest' },
});

const notFound = (): ProviderReply => refusal(404, 'Not Found');

const invalid = (field: string): ProviderReply => ({
  status: 422,
  json: {
    message: 'Validation Failed',
    errors: [{ resource: 'Issue', field, code: 'missing_field' }],
    documentation_url: 'https://docs.github.com/rest',
  },
});
