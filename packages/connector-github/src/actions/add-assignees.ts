import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { issueNumber, login, repositoryInput } from '../github-schemas.ts';

const answer = z.object({ assignees: z.array(z.object({ login: z.string() })).nullish() });

/** Adds people to the set of those who an issue is assigned to. */
export const addAssignees = defineAction({
  title: 'Add assignees',
  description:
    'Assigns an issue or pull request to people, beside those it is assigned to already. GitHub leaves out whom it cannot be assigned to.',
  idempotency: 'idempotent',
  scopes: [repoScope('assign issues')],
  resources: namedByInput,
  options: { repo: 'repositories', assignees: 'assignees' },
  input: z.strictObject({
    ...repositoryInput,
    issue_number: issueNumber.describe('Number of the issue or pull request.'),
    assignees: z.array(login).min(1).max(10).describe('Logins.'),
  }),
  output: z.object({ assignees: z.array(z.string()).describe('All whom it is assigned to.') }),
  async run({ input: { owner, repo, issue_number: number, assignees }, http }) {
    const at = path`/repos/${owner}/${repo}/issues/${number}/assignees`;
    const issue = await http.post(at, { json: { assignees }, response: answer });
    return { assignees: (issue.assignees ?? []).map((each) => each.login) };
  },
});
