import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { branchName, issueNumber, markdown, repositoryInput, title } from '../github-schemas.ts';
import { pullRequestAnswer, pullRequestOutput, showPullRequest } from './show-pull-request.ts';

/** Changes a pull request. Each field is set to what is given. Labels, assignees and milestone are those of its issue: `update_issue`. */
export const updatePullRequest = defineAction({
  title: 'Update pull request',
  description: 'Changes title, text or target of a pull request, closes it or opens it again.',
  idempotency: 'idempotent',
  scopes: [repoScope('change pull requests')],
  resources: namedByInput,
  options: { repo: 'repositories', base: 'branches' },
  input: z.strictObject({
    ...repositoryInput,
    pull_number: issueNumber,
    title: title.optional(),
    body: markdown.optional().describe('Markdown.'),
    state: z.enum(['open', 'closed']).optional(),
    base: branchName.optional().describe('Branch that it is to be merged into.'),
    maintainer_can_modify: z.boolean().optional(),
  }),
  output: pullRequestOutput,
  async run({ input: { owner, repo, pull_number: number, ...json }, http }) {
    return showPullRequest(await http.patch(path`/repos/${owner}/${repo}/pulls/${number}`, { json, response: pullRequestAnswer }));
  },
});
