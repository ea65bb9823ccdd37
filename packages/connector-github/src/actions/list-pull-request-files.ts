import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { issueNumber, listLimit, repositoryInput } from '../github-schemas.ts';
import { collectItems, pageSize } from './collect-items.ts';

const changedFile = z.object({
  filename: z.string(),
  previous_filename: z.string().optional(),
  status: z.string(),
  additions: z.number(),
  deletions: z.number(),
  changes: z.number(),
  sha: z.string().nullish(),
});

/** Lists the files that a pull request changes. GitHub lists 3,000 at most. */
export const listPullRequestFiles = defineAction({
  title: 'List pull request files',
  description: 'Lists the files that a pull request changes, and how many lines of each.',
  idempotency: 'read',
  paginated: true,
  timeoutMs: 60_000,
  scopes: [repoScope('read pull requests')],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({ ...repositoryInput, pull_number: issueNumber, limit: listLimit }),
  output: z.object({
    files: z.array(
      z.object({
        path: z.string(),
        previous_path: z.string().nullable().describe('Where it was before it was renamed.'),
        status: z.string().describe('added, removed, modified, renamed, copied, changed or unchanged.'),
        additions: z.number(),
        deletions: z.number(),
        changes: z.number(),
        sha: z.string().nullable().describe('Id of its content.'),
      }),
    ),
    complete: z.boolean().describe('False where the limit was reached: there may be more.'),
  }),
  async run({ input: { owner, repo, pull_number: number, limit }, http }) {
    const { items, complete } = await collectItems(
      http.pages(path`/repos/${owner}/${repo}/pulls/${number}/files`, {
        query: { per_page: pageSize(limit) },
        response: z.array(changedFile),
        items: (page) => page,
        paging: { by: 'link' },
      }),
      limit,
    );
    const files = items.map(({ filename, previous_filename: before = null, sha = null, ...file }) => ({
      ...file,
      path: filename,
      previous_path: before,
      sha,
    }));
    return { files, complete };
  },
});
