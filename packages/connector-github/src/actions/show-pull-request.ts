import { z } from 'zod';
import { accountAnswer, showLogins } from './show-logins.ts';

const side = z.object({ ref: z.string(), sha: z.string(), label: z.string().nullish() });

/** A pull request as GitHub answers; what only the answer about one of them has is optional. */
export const pullRequestAnswer = z.object({
  id: z.number(),
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  draft: z.boolean().optional(),
  user: accountAnswer.nullish(),
  labels: z.array(z.object({ name: z.string() })).default([]),
  assignees: z.array(accountAnswer).nullish(),
  requested_reviewers: z.array(accountAnswer).nullish(),
  head: side,
  base: side,
  merged_at: z.string().nullish(),
  merged: z.boolean().optional(),
  mergeable: z.boolean().nullish(),
  merge_commit_sha: z.string().nullish(),
  created_at: z.string(),
  updated_at: z.string(),
});

/** What later steps see of a pull request in a list: without its body. */
export const pullRequestLine = z.object({
  id: z.number(),
  number: z.number(),
  url: z.string(),
  title: z.string(),
  state: z.string().describe('open or closed'),
  merged: z.boolean(),
  draft: z.boolean(),
  author: z.string().nullable().describe('Login.'),
  labels: z.array(z.string()),
  assignees: z.array(z.string()),
  reviewers: z.array(z.string()).describe('Logins of whom a review is asked for.'),
  head: z.object({ ref: z.string(), sha: z.string(), label: z.string().nullable() }),
  base: z.object({ ref: z.string(), sha: z.string() }),
  created_at: z.string(),
  updated_at: z.string(),
});

/** What later steps see of one pull request. */
export const pullRequestOutput = pullRequestLine.extend({
  body: z.string().nullable(),
  mergeable: z.boolean().nullable().describe('null as long as GitHub has not found out.'),
  merge_commit_sha: z.string().nullable(),
  merged_at: z.string().nullable(),
});

/** A pull request in a list. */
export function showPullRequestLine(pull: z.output<typeof pullRequestAnswer>): z.output<typeof pullRequestLine> {
  const { id, number, html_url: url, title, state, created_at, updated_at, head, base } = pull;
  return {
    ...{ id, number, url, title, state, created_at, updated_at },
    merged: pull.merged ?? typeof pull.merged_at === 'string',
    draft: pull.draft ?? false,
    author: pull.user?.login ?? null,
    labels: pull.labels.map(({ name }) => name),
    assignees: showLogins(pull.assignees),
    reviewers: showLogins(pull.requested_reviewers),
    head: { ref: head.ref, sha: head.sha, label: head.label ?? null },
    base: { ref: base.ref, sha: base.sha },
  };
}

/** One pull request. */
export const showPullRequest = (pull: z.output<typeof pullRequestAnswer>): z.output<typeof pullRequestOutput> => ({
  ...showPullRequestLine(pull),
  body: pull.body ?? null,
  mergeable: pull.mergeable ?? null,
  merge_commit_sha: pull.merge_commit_sha ?? null,
  merged_at: pull.merged_at ?? null,
});
