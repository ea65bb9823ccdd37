import { z } from 'zod';
import { accountAnswer, showLogins } from './show-logins.ts';

const name = z.object({ name: z.string() });

/** An issue as GitHub answers. A label may be its name alone. */
export const issueAnswer = z.object({
  id: z.number(),
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  state_reason: z.string().nullish(),
  user: accountAnswer.nullish(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])).default([]),
  assignees: z.array(accountAnswer).nullish(),
  milestone: z.object({ number: z.number() }).nullish(),
  locked: z.boolean().optional(),
  comments: z.number().optional(),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: z.string().nullish(),
  /** Only on pull requests. */
  pull_request: z.unknown().optional(),
});

/** What later steps see of an issue in a list: without its body, which may be long. */
export const issueLine = z.object({
  id: z.number(),
  number: z.number(),
  url: z.string(),
  title: z.string(),
  state: z.string().describe('open or closed'),
  labels: z.array(z.string()),
  assignees: z.array(z.string()).describe('Logins.'),
  author: z.string().nullable().describe('Login.'),
  is_pull_request: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
});

/** What later steps see of one issue. */
export const issueOutput = issueLine.extend({
  body: z.string().nullable(),
  state_reason: z.string().nullable(),
  milestone: z.number().nullable(),
  locked: z.boolean(),
  comments: z.number(),
  closed_at: z.string().nullable(),
});

/** An issue in a list. */
export function showIssueLine(issue: z.output<typeof issueAnswer>): z.output<typeof issueLine> {
  const { id, number, html_url: url, title, state, created_at, updated_at } = issue;
  return {
    ...{ id, number, url, title, state, created_at, updated_at },
    labels: issue.labels.map((label) => name.safeParse(label).data?.name ?? (typeof label === 'string' ? label : '')).filter(Boolean),
    assignees: showLogins(issue.assignees),
    author: issue.user?.login ?? null,
    is_pull_request: issue.pull_request !== undefined,
  };
}

/** One issue. */
export const showIssue = (issue: z.output<typeof issueAnswer>): z.output<typeof issueOutput> => ({
  ...showIssueLine(issue),
  body: issue.body ?? null,
  state_reason: issue.state_reason ?? null,
  milestone: issue.milestone?.number ?? null,
  locked: issue.locked ?? false,
  comments: issue.comments ?? 0,
  closed_at: issue.closed_at ?? null,
});
