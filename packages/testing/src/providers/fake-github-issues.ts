import type { JsonObject } from '@patchbay/core';
import { fieldsOf, invalid, notFound, pageOf, refusal, textsOf } from './fake-github-replies.ts';
import {
  type FakeGithubComment,
  type FakeGithubIssue,
  type FakeGithubWorld,
  nameOf,
  nextId,
  octocat,
  repositoryAt,
  repositoryNamed,
  timeOf,
} from './fake-github-world.ts';
import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** What an issue is made of; with a `head` it is a pull request. */
export interface NewFakeIssue {
  readonly title: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  /** Commit at its head. */
  readonly head?: string;
  readonly ref?: string;
  readonly base?: string;
  readonly draft?: boolean;
}

/** Adds an issue or a pull request. */
export function addIssue(world: FakeGithubWorld, name: string, given: NewFakeIssue): FakeGithubIssue {
  const { issues } = repositoryNamed(world, name);
  const number = issues.length + 1;
  const { head, ref = 'feature', base = 'main', draft = false } = given;
  const issue: FakeGithubIssue = {
    id: nextId(world),
    number,
    title: given.title,
    body: given.body ?? null,
    state: 'open',
    labels: given.labels ?? [],
    assignees: given.assignees ?? [],
    locked: false,
    created_at: timeOf(world),
    updated_at: timeOf(world),
    html_url: `https://github.com/${name}/${head === undefined ? 'issues' : 'pull'}/${number}`,
    comments: [],
    pull: head === undefined ? null : { head, ref, base, draft, merged: null, reviewers: [], reviews: [] },
  };
  issues.push(issue);
  return issue;
}

/** An issue as listings show it. */
export function showIssue({ comments, labels, assignees, pull, ...issue }: FakeGithubIssue): JsonObject {
  const people = { user: octocat, assignees: assignees.map((login) => ({ login })) };
  const parts = { ...issue, ...people, state_reason: null, comments: comments.length, labels: labels.map((name) => ({ name })) };
  const closed_at = issue.state === 'closed' ? issue.updated_at : null;
  return { ...parts, closed_at, ...(pull === null ? {} : { pull_request: { html_url: issue.html_url }, draft: pull.draft }) };
}

/** The issue or pull request that a request names. */
export const issueAt = (world: FakeGithubWorld, request: ProviderRequest): FakeGithubIssue | undefined =>
  repositoryAt(world, request).issues[Number(request.parameters['number']) - 1];

/** Changes what is given, as PATCH does, and when it was changed. */
export function changeIssue(world: FakeGithubWorld, issue: FakeGithubIssue, given: Readonly<Record<string, unknown>>): FakeGithubIssue {
  const { title, body, state, labels, assignees } = given;
  if (typeof title === 'string') issue.title = title;
  if (body === null || typeof body === 'string') issue.body = body;
  if (state === 'open' || state === 'closed') issue.state = state;
  if (Array.isArray(labels)) issue.labels = textsOf(labels);
  if (Array.isArray(assignees)) issue.assignees = textsOf(assignees);
  issue.updated_at = timeOf(world);
  return issue;
}

/** The routes of issues and their comments. */
export function githubIssueRoutes(world: FakeGithubWorld): ProviderRoutes {
  const at = (answer: (issue: FakeGithubIssue, request: ProviderRequest) => ProviderReply) => (request: ProviderRequest) => {
    const issue = issueAt(world, request);
    return issue ? answer(issue, request) : notFound();
  };
  const issues = '/repos/:owner/:repo/issues';
  return {
    [`POST ${issues}`]: (request) => {
      const { title, body, labels, assignees } = fieldsOf(request);
      if (typeof title !== 'string' || title === '') return invalid('Issue', 'title');
      const given = { title, labels: textsOf(labels), assignees: textsOf(assignees), ...(typeof body === 'string' ? { body } : {}) };
      return { status: 201, json: showIssue(addIssue(world, nameOf(request) ?? '', given)), effect: true };
    },
    [`GET ${issues}`]: (request) => pageOf(request, listed(repositoryAt(world, request).issues, request).map(showIssue)),
    [`GET ${issues}/comments`]: (request) => pageOf(request, allComments(world, request)),
    [`PATCH ${issues}/comments/:comment`]: (request) => {
      const all = repositoryAt(world, request).issues.flatMap(({ comments }) => comments);
      const comment = all.find(({ id }) => String(id) === request.parameters['comment']);
      const { body } = fieldsOf(request);
      if (!comment) return notFound();
      if (typeof body !== 'string') return invalid('IssueComment', 'body');
      Object.assign(comment, { body, updated_at: timeOf(world) });
      return { json: { ...comment }, effect: true };
    },
    [`GET ${issues}/:number`]: at((issue) => ({ json: showIssue(issue) })),
    [`PATCH ${issues}/:number`]: at((issue, request) => ({ json: showIssue(changeIssue(world, issue, fieldsOf(request))), effect: true })),
    [`POST ${issues}/:number/comments`]: at((issue, request) => commentOn(world, issue, fieldsOf(request)['body'])),
    [`GET ${issues}/:number/comments`]: at(({ comments }, request) => {
      const since = Date.parse(request.query.get('since') ?? '1970-01-01');
      return pageOf(request, comments.filter(({ updated_at }) => Date.parse(updated_at) >= since).map(plain));
    }),
    [`PUT ${issues}/:number/lock`]: at((issue) => {
      issue.locked = true;
      return { status: 204, effect: true };
    }),
    [`DELETE ${issues}/:number/lock`]: at((issue) => {
      issue.locked = false;
      return { status: 204, effect: true };
    }),
    [`GET ${issues}/:number/labels`]: at(({ labels }, request) =>
      pageOf(
        request,
        labels.map((name) => ({ name })),
      ),
    ),
    [`POST ${issues}/:number/labels`]: at((issue, request) => {
      issue.labels = [...new Set([...issue.labels, ...textsOf(fieldsOf(request)['labels'])])];
      return { json: issue.labels.map((name) => ({ name })), effect: true };
    }),
    [`DELETE ${issues}/:number/labels/:label`]: at((issue, { parameters: { label } }) => {
      if (!issue.labels.includes(label ?? '')) return refusal(404, 'Label does not exist');
      issue.labels = issue.labels.filter((name) => name !== label);
      return { json: issue.labels.map((name) => ({ name })), effect: true };
    }),
    [`POST ${issues}/:number/assignees`]: at((issue, request) => {
      issue.assignees = [...new Set([...issue.assignees, ...textsOf(fieldsOf(request)['assignees'])])];
      return { status: 201, json: showIssue(issue), effect: true };
    }),
  };
}

const plain = (comment: FakeGithubComment): JsonObject => ({ ...comment, user: octocat });

function listed(issues: readonly FakeGithubIssue[], { query }: ProviderRequest): readonly FakeGithubIssue[] {
  const wanted = query.get('state') ?? 'open';
  const since = Date.parse(query.get('since') ?? '1970-01-01');
  const labels = query.get('labels')?.split(',') ?? [];
  const fitting = issues.filter(
    (issue) =>
      (wanted === 'all' || issue.state === wanted) &&
      Date.parse(issue.updated_at) >= since &&
      labels.every((label) => issue.labels.includes(label)),
  );
  const sorted = query.get('sort') === 'updated' ? fitting.toSorted((a, b) => a.updated_at.localeCompare(b.updated_at)) : fitting;
  return query.get('direction') === 'asc' ? sorted : sorted.toReversed();
}

function allComments(world: FakeGithubWorld, request: ProviderRequest): readonly JsonObject[] {
  const since = Date.parse(request.query.get('since') ?? '1970-01-01');
  const { origin } = new URL(`http://${request.headers['host']}`);
  const shown = repositoryAt(world, request).issues.flatMap(({ number, comments }) =>
    comments.map((comment) => ({ comment, json: { ...plain(comment), issue_url: `${origin}/repos/${nameOf(request)}/issues/${number}` } })),
  );
  const fitting = shown.filter(({ comment }) => Date.parse(comment.updated_at) >= since);
  return fitting.toSorted((a, b) => a.comment.updated_at.localeCompare(b.comment.updated_at)).map(({ json }) => json);
}

function commentOn(world: FakeGithubWorld, issue: FakeGithubIssue, body: unknown): ProviderReply {
  if (typeof body !== 'string' || body === '') return invalid('IssueComment', 'body');
  return { status: 201, json: plain(addComment(world, issue, body)), effect: true };
}

/** Adds a comment to an issue. */
export function addComment(world: FakeGithubWorld, issue: FakeGithubIssue, body: string): FakeGithubComment {
  const id = nextId(world);
  const time = timeOf(world);
  const comment = { id, body, created_at: time, updated_at: time, html_url: `${issue.html_url}#issuecomment-${id}` };
  issue.comments.push(comment);
  issue.updated_at = time;
  return comment;
}
