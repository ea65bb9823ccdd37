import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { issueNumber, labelName, repositoryInput } from '../github-schemas.ts';

/** Adds labels to a set: what is there already stays as it is. */
export const addLabels = defineAction({
  title: 'Add labels',
  description: 'Adds labels to an issue or pull request. GitHub makes those that the repository does not have yet.',
  idempotency: 'idempotent',
  scopes: [repoScope('set labels')],
  resources: namedByInput,
  options: { repo: 'repositories', labels: 'labels' },
  input: z.strictObject({
    ...repositoryInput,
    issue_number: issueNumber.describe('Number of the issue or pull request.'),
    labels: z.array(labelName).min(1).max(100),
  }),
  output: z.object({ labels: z.array(z.string()).describe('All of its labels.') }),
  async run({ input: { owner, repo, issue_number: number, labels }, http }) {
    const at = path`/repos/${owner}/${repo}/issues/${number}/labels`;
    const all = await http.post(at, { json: { labels }, response: z.array(z.object({ name: z.string() })) });
    return { labels: all.map(({ name }) => name) };
  },
});
