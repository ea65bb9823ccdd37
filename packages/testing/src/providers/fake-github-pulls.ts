import type { JsonObject } from '@patchbay/core';
import { addIssue, changeIssue, issueAt, showIssue } from './fake-github-issues.ts';
import { fieldsOf, invalid, notFound, pageOf, refusal, textsOf } from './fake-github-replies.ts';
import {
  type FakeGithubIssue,
  type FakeGithubPull,
  type FakeGithubWorld,
  firstCommit,
  nameOf,
  nextId,
  octocat,
  repositoryAt,
} from './fake-github-world.ts';
import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

type Pull = FakeGithubIssue & { readonly pull: FakeGithubPull };

/** The routes of pull requests: what they are, their files, diffs and reviews. */
export function githubPullRoutes(world: FakeGithubWorld): ProviderRoutes {
  const at = (answer: (pull: Pull, request: ProviderRequest) => ProviderReply) => (request: ProviderRequest) => {
    const issue = issueAt(world, request);
    return issue && isPull(issue) ? answer(issue, request) : notFound();
  };
  const pulls = '/repos/:owner/:repo/pulls';
  return {
    [`POST ${pulls}`]: (request) => openPull(world, request),
    [`GET ${pulls}`]: (request) => pageOf(request, listed(world, request).map(showPull)),
    [`GET ${pulls}/:number`]: at((pull, { headers }) =>
      headers['accept'] === 'application/vnd.github.diff'
        ? { headers: { 'content-type': 'application/vnd.github.diff; charset=utf-8' }, text: diff }
        : { json: showPull(pull) },
    ),
    [`PATCH ${pulls}/:number`]: at((pull, request) => {
      const { base } = fieldsOf(request);
      if (typeof base === 'string') pull.pull.base = base;
      changeIssue(world, pull, fieldsOf(request));
      return { json: showPull(pull), effect: true };
    }),
    [`PUT ${pulls}/:number/merge`]: at((pull, request) => merge(pull, fieldsOf(request)['sha'])),
    [`GET ${pulls}/:number/files`]: at((_pull, request) => pageOf(request, [file])),
    [`POST ${pulls}/:number/reviews`]: at((pull, request) => addReview(world, pull, fieldsOf(request))),
    [`GET ${pulls}/:number/reviews`]: at(({ pull }, request) =>
      pageOf(
        request,
        pull.reviews.map((review) => ({ ...review })),
      ),
    ),
    [`POST ${pulls}/:number/requested_reviewers`]: at((pull, request) => {
      const { reviewers, team_reviewers: teams } = fieldsOf(request);
      for (const login of [...textsOf(reviewers), ...textsOf(teams)])
        if (!pull.pull.reviewers.includes(login)) pull.pull.reviewers.push(login);
      return { status: 201, json: showPull(pull), effect: true };
    }),
  };
}

const diff = 'diff --git a/README.md b/README.md\n--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-Hello\n+Hello, world\n';
const file = { sha: firstCommit, filename: 'README.md', status: 'modified', additions: 1, deletions: 1, changes: 2, patch: '@@ -1 +1 @@' };

const isPull = (issue: FakeGithubIssue): issue is Pull => issue.pull !== null;

function openPull(world: FakeGithubWorld, request: ProviderRequest): ProviderReply {
  const { title, head, base, body, draft } = fieldsOf(request);
  if (typeof head !== 'string') return invalid('PullRequest', 'head');
  if (typeof base !== 'string') return invalid('PullRequest', 'base');
  if (typeof title !== 'string' || title === '') return invalid('PullRequest', 'title');
  const given = { title, head: firstCommit, ref: head, base, draft: draft === true, ...(typeof body === 'string' ? { body } : {}) };
  const pull = addIssue(world, nameOf(request) ?? '', given);
  return { status: 201, json: isPull(pull) ? showPull(pull) : null, effect: true };
}

function listed(world: FakeGithubWorld, request: ProviderRequest): readonly Pull[] {
  const { query } = request;
  const wanted = query.get('state') ?? 'open';
  const [, ref] = query.get('head')?.split(':') ?? [];
  const base = query.get('base');
  const fitting = repositoryAt(world, request)
    .issues.filter(isPull)
    .filter(
      (each) =>
        (wanted === 'all' || each.state === wanted) &&
        (ref === undefined || each.pull.ref.split(':').at(-1) === ref) &&
        (base === null || each.pull.base === base),
    );
  return query.get('direction') === 'asc' ? fitting : fitting.toReversed();
}

function showPull(issue: Pull): JsonObject {
  const { pull_request: _link, comments: _comments, ...shown } = showIssue(issue);
  const { merged, head, ref, base, reviewers } = issue.pull;
  return {
    ...shown,
    ...{ merged: merged !== null, merge_commit_sha: merged, merged_at: merged === null ? null : issue.updated_at, mergeable: true },
    head: { ref, sha: head, label: ref.includes(':') ? ref : `octocat:${ref}` },
    base: { ref: base, sha: firstCommit },
    requested_reviewers: reviewers.map((login) => ({ login })),
    requested_teams: [],
  };
}

function merge(issue: Pull, sha: unknown): ProviderReply {
  if (issue.pull.merged !== null) return refusal(405, 'Pull Request is not mergeable');
  if (sha !== undefined && sha !== issue.pull.head) return refusal(409, 'Head branch was modified. Review and try the merge again.');
  issue.pull.merged = String(issue.number).padStart(40, 'a');
  return { json: { sha: issue.pull.merged, merged: true, message: 'Pull Request successfully merged' }, effect: true };
}

const states: Readonly<Record<string, string>> = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' };

function addReview(world: FakeGithubWorld, { pull, html_url: url }: Pull, given: Readonly<Record<string, unknown>>): ProviderReply {
  const state = states[String(given['event'])] ?? 'PENDING';
  const id = nextId(world);
  const review = { id, body: String(given['body'] ?? ''), state, html_url: `${url}#pullrequestreview-${id}` };
  pull.reviews.push(review);
  return { json: { ...review, user: octocat }, effect: true };
}
