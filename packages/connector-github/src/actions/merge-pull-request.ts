import { defineAction, isPatchbayError, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../github-resources.ts';
import { issueNumber, repositoryInput, sha } from '../github-schemas.ts';

const looked = z.object({ merged: z.boolean(), merge_commit_sha: z.string().nullish(), head: z.object({ sha: z.string() }) });

/**
 * Merges a pull request. A repeat does no harm: a merged pull request cannot be merged again, GitHub answers 405, and the action
 * then looks whether it is merged.
 */
export const mergePullRequest = defineAction({
  title: 'Merge pull request',
  description:
    'Merges a pull request. With a sha, only if that is still the head of its branch. One that is merged already counts as success.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'repo', reason: 'To merge, also in private repositories. For public ones public_repo is enough.' }],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({
    ...repositoryInput,
    pull_number: issueNumber.describe('Number of the pull request.'),
    sha: sha.optional().describe('The head that was reviewed: what was pushed later is not merged.'),
    merge_method: z.enum(['merge', 'squash', 'rebase']).optional(),
    commit_title: z.string().min(1).max(1_000).optional(),
    commit_message: z.string().max(60_000).optional(),
  }),
  output: z.object({
    sha: z.string().nullable().describe('The merge commit.'),
    already_merged: z.boolean().describe('It had been merged before this call.'),
  }),
  async run({ input: { owner, repo, pull_number: number, ...json }, http }) {
    try {
      const merged = await http.put(path`/repos/${owner}/${repo}/pulls/${number}/merge`, {
        json,
        response: z.object({ sha: z.string() }),
      });
      return { sha: merged.sha, already_merged: false };
    } catch (error) {
      if (!isPatchbayError(error) || error.details['status'] !== 405) throw error;
      const pull = await http.get(path`/repos/${owner}/${repo}/pulls/${number}`, { response: looked });
      // Merged at another head than the caller asked for is not what the caller asked for.
      if (!pull.merged || (json.sha !== undefined && json.sha !== pull.head.sha)) throw error;
      return { sha: pull.merge_commit_sha ?? null, already_merged: true };
    }
  },
});
