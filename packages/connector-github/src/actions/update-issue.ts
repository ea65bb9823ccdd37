import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { issueNumber, labelName, login, markdown, repositoryInput, title } from '../github-schemas.ts';
import { issueAnswer, issueOutput, showIssue } from './show-issue.ts';

/** Changes an issue. Each field is set to what is given, so a repeat changes nothing more. */
export const updateIssue = defineAction({
  title: 'Update issue',
  description: 'Changes fields of an issue, closes it or opens it again. A list takes the place of the one that is there.',
  idempotency: 'idempotent',
  scopes: [repoScope('change issues')],
  resources: namedByInput,
  options: {
    repo: 'repositories',
    labels: 'labels',
    assignees: 'assignees',
    milestone: 'milestones',
  },
  input: z.strictObject({
    ...repositoryInput,
    issue_number: issueNumber.describe('Number of the issue or pull request.'),
    title: title.optional(),
    body: markdown.nullable().optional().describe('Markdown. null takes it away.'),
    state: z.enum(['open', 'closed']).optional(),
    state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).optional().describe('Counts only where the state changes.'),
    labels: z.array(labelName).max(100).optional(),
    assignees: z.array(login).max(10).optional().describe('Logins.'),
    milestone: z.number().int().positive().nullable().optional().describe('Number of the milestone. null takes it away.'),
  }),
  output: issueOutput,
  async run({ input: { owner, repo, issue_number: number, ...json }, http }) {
    return showIssue(await http.patch(path`/repos/${owner}/${repo}/issues/${number}`, { json, response: issueAnswer }));
  },
});
