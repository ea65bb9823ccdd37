import { defineAction, isPatchbayError, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { issueNumber, labelName, repositoryInput } from '../github-schemas.ts';

const labels = z.array(z.object({ name: z.string() }));

/**
 * Takes a label away. GitHub answers 404 for one that the issue does not have, and for an issue that is not there: the action then looks at the
 * issue's labels.
 */
export const removeLabel = defineAction({
  title: 'Remove label',
  description: 'Takes a label from an issue or pull request. One that it does not have counts as taken away.',
  idempotency: 'idempotent',
  scopes: [repoScope('set labels')],
  resources: namedByInput,
  options: { repo: 'repositories', label: 'labels' },
  input: z.strictObject({
    ...repositoryInput,
    issue_number: issueNumber.describe('Number of the issue or pull request.'),
    label: labelName.regex(/^(?!(?:.*[\\/])?\.{1,2}(?:[\\/]|$))/),
  }),
  output: z.object({ labels: z.array(z.string()).describe('The labels that it still has.') }),
  async run({ input: { owner, repo, issue_number: number, label }, http }) {
    const names = (all: z.output<typeof labels>) => ({ labels: all.map(({ name }) => name) });
    try {
      return names(await http.delete(path`/repos/${owner}/${repo}/issues/${number}/labels/${label}`, { response: labels }));
    } catch (error) {
      if (!isPatchbayError(error) || error.code !== 'provider_not_found') throw error;
      const at = path`/repos/${owner}/${repo}/issues/${number}/labels`;
      const left = names(await http.get(at, { query: { per_page: 100 }, response: labels }));
      // Labels are told apart without regard to capitals.
      if (left.labels.some((name) => name.toLowerCase() === label.toLowerCase())) throw error;
      return left;
    }
  },
});
