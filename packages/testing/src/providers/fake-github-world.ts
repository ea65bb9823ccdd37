import type { Json } from '@patchbay/core';
import type { FakeGithubHooks } from './fake-github-hooks.ts';
import type { ProviderRequest } from './provider-request.ts';

/** A comment of the stand-in. */
export interface FakeGithubComment {
  readonly id: number;
  body: string;
  readonly created_at: string;
  updated_at: string;
  readonly html_url: string;
}

/** What a pull request has beside what an issue has. */
export interface FakeGithubPull {
  /** Commit at its head. */
  readonly head: string;
  readonly ref: string;
  base: string;
  readonly draft: boolean;
  /** The merge commit; `null` before it. */
  merged: string | null;
  readonly reviewers: string[];
  readonly reviews: { readonly id: number; readonly body: string; readonly state: string; readonly html_url: string }[];
}

/** An issue or pull request of the stand-in. */
export interface FakeGithubIssue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  labels: readonly string[];
  assignees: readonly string[];
  locked: boolean;
  readonly created_at: string;
  updated_at: string;
  readonly html_url: string;
  readonly comments: FakeGithubComment[];
  readonly pull: FakeGithubPull | null;
}

/** A repository of the stand-in. */
export interface FakeGithubRepository {
  readonly issues: FakeGithubIssue[];
  /** Contents by branch and path, in Base64. */
  readonly files: Map<string, string>;
  /** Commits by branch. */
  readonly branches: Map<string, string>;
  readonly releases: { readonly [field: string]: Json }[];
  /** What was dispatched: workflows and events. */
  readonly dispatches: Json[];
  /** Permissions by login. */
  readonly collaborators: Map<string, string>;
}

/** Everything that the stand-in holds. */
export interface FakeGithubWorld {
  readonly repositories: Map<string, FakeGithubRepository>;
  readonly hooks: FakeGithubHooks;
  readonly gists: Json[];
  readonly stars: Set<string>;
  readonly now: () => number;
  ids: number;
}

/** The commit at the head of a branch that nothing was pushed to. */
export const firstCommit = '6dcb09b5b57875f334f61aebed695e2e4193db5e';

/** Begins empty; a repository is there once it is named. */
export function fakeGithubWorld(now: () => number): FakeGithubWorld {
  return { repositories: new Map(), hooks: new Map(), gists: [], stars: new Set(), now, ids: 1_000 };
}

/** The repository of that name; capitals and small letters are the same. */
export function repositoryNamed(world: FakeGithubWorld, given: string): FakeGithubRepository {
  const name = given.toLowerCase();
  const found = world.repositories.get(name);
  if (found) return found;
  const made: FakeGithubRepository = {
    issues: [],
    files: new Map(),
    branches: new Map([['main', firstCommit]]),
    releases: [],
    dispatches: [],
    collaborators: new Map(),
  };
  world.repositories.set(name, made);
  return made;
}

/** The repository that a request names. */
export const repositoryAt = (world: FakeGithubWorld, request: ProviderRequest): FakeGithubRepository =>
  repositoryNamed(world, nameOf(request) ?? '');

/** Owner and name that a request names; undefined where it names none. */
export const nameOf = ({ parameters: { owner, repo } }: ProviderRequest): string | undefined =>
  owner === undefined ? undefined : `${owner}/${repo}`;

/** The next number that nothing has. */
export function nextId(world: FakeGithubWorld): number {
  world.ids += 1;
  return world.ids;
}

/** Now, as GitHub writes it. */
export const timeOf = ({ now }: Pick<FakeGithubWorld, 'now'>): string => `${new Date(now()).toISOString().slice(0, 19)}Z`;

/** The account that everything is done by. */
export const octocat = { id: 1, login: 'octocat' };
