import { systemClock } from '@patchbay/core/adapter';
import { githubAccountRoutes } from './fake-github-accounts.ts';
import { githubContentRoutes } from './fake-github-contents.ts';
import { githubGraphqlRoutes } from './fake-github-graphql.ts';
import { type FakeGithubHook, githubHookRoutes } from './fake-github-hooks.ts';
import { addComment, addIssue, githubIssueRoutes, type NewFakeIssue } from './fake-github-issues.ts';
import { githubOAuthRoutes } from './fake-github-oauth.ts';
import { githubPullRoutes } from './fake-github-pulls.ts';
import { notFound, refusal } from './fake-github-replies.ts';
import { githubWorkflowRoutes } from './fake-github-workflows.ts';
import {
  type FakeGithubComment,
  type FakeGithubIssue,
  type FakeGithubWorld,
  fakeGithubWorld,
  nameOf,
  nextId,
  repositoryNamed,
} from './fake-github-world.ts';
import { bearerOf, type FakeAppOptions, fakeGrants } from './fake-grants.ts';
import { type FakeProvider, startFakeProvider } from './fake-provider.ts';
import type { ProviderHandler, ProviderRoutes } from './provider-reply.ts';
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

/** A stand-in for GitHub's API: repositories and what is in them, searches, gists, webhooks and a little GraphQL, as far as the connector uses them. */
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
  addIssue(repository: string, issue: NewFakeIssue): FakeGithubIssue;
  /** Adds a comment to the first issue, which it makes where there is none. */
  addComment(repository: string, body: string): FakeGithubComment;
  /** Puts a file into a branch. @default of the branch: main */
  addFile(repository: string, file: { readonly path: string; readonly text: string; readonly branch?: string }): void;
  /** All that it holds, as plain data, less when it was changed last. */
  held(): unknown;
}

/** Starts the stand-in. It refuses another token with 401 and a request without a user agent with 403, as GitHub does. */
export async function fakeGithub(options: FakeGithubOptions): Promise<FakeGithub> {
  const { now = systemClock.now } = options;
  const world = fakeGithubWorld(now);
  const prefixes = { access: options.app?.expiresIn === undefined ? 'gho_' : 'ghu_', refresh: 'ghr_' };
  const grants = options.app && fakeGrants({ ...options.app, now, scopeSeparator: ' ', prefixes });
  const known = options.repositories === undefined ? undefined : new Set(options.repositories.map((name) => name.toLowerCase()));
  const guarded = (handler: ProviderHandler) => (request: ProviderRequest) => {
    if (request.headers['user-agent'] === undefined) return refusal(403, 'Request forbidden by administrative rules.');
    const token = bearerOf(request);
    if (token !== options.token && grants?.find(token) === undefined) return refusal(401, 'Bad credentials');
    const repository = nameOf(request);
    return repository !== undefined && known?.has(repository.toLowerCase()) === false ? notFound() : handler(request);
  };
  const names = () => options.repositories ?? [...world.repositories.keys()];
  const routes = Object.entries(routesOf(world, names)).map(([route, handler]) => [route, guarded(handler)] as const);
  const provider = await startFakeProvider({
    routes: { ...Object.fromEntries(routes), ...(grants ? githubOAuthRoutes(grants, now) : {}) },
    handler: notFound,
    idempotencyKeyOf: ({ body }) => /<!-- patchbay:([\w-]+) -->/.exec(body)?.[1],
    limitBody: { message: 'API rate limit exceeded for user ID 1.', documentation_url: 'https://docs.github.com/rest' },
  });
  return {
    ...provider,
    tokens: () => grants?.tokens() ?? [],
    hooks: (place) => world.hooks.get(place) ?? [],
    addHook(place, hook) {
      const added = { id: nextId(world), ...hook };
      world.hooks.set(place, [...(world.hooks.get(place) ?? []), added]);
      return added;
    },
    issues: (repository) => world.repositories.get(repository.toLowerCase())?.issues ?? [],
    addIssue: (repository, issue) => addIssue(world, repository, issue),
    addComment(repository, body) {
      const [first = addIssue(world, repository, { title: 'Found a bug' })] = repositoryNamed(world, repository).issues;
      return addComment(world, first, body);
    },
    addFile: (repository, { path, text, branch = 'main' }) =>
      void repositoryNamed(world, repository).files.set(`${branch}:${path}`, Buffer.from(text).toString('base64')),
    held: () => plainOf(world),
  };
}

const routesOf = (world: FakeGithubWorld, names: () => readonly string[]): ProviderRoutes => ({
  ...githubHookRoutes(world.hooks, () => nextId(world)),
  ...githubAccountRoutes(world, names),
  ...githubIssueRoutes(world),
  ...githubPullRoutes(world),
  ...githubContentRoutes(world),
  ...githubWorkflowRoutes(world),
  ...githubGraphqlRoutes(world),
});

/** Maps and sets as plain data. */
function plainOf({ repositories, gists, stars }: FakeGithubWorld): unknown {
  const plain = (name: string, value: unknown): unknown => {
    if (name === 'updated_at') return undefined;
    return value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value;
  };
  return JSON.parse(JSON.stringify({ repositories, gists, stars }, plain));
}
