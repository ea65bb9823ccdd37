import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { listLimit } from '../github-schemas.ts';
import { searchPages } from './search-pages.ts';
import { issueAnswer, issueLine, showIssueLine } from './show-issue.ts';

/** Searches issues and pull requests. GitHub gives 1,000 at most, and counts searches apart: 30 in a minute. */
export const searchIssues = defineAction({
  title: 'Search issues',
  description: "Searches issues and pull requests in GitHub's own language, over all repositories that the query does not leave out.",
  idempotency: 'read',
  paginated: true,
  timeoutMs: 60_000,
  scopes: [repoScope('find issues')],
  resources: { repository: 'any' },
  input: z.strictObject({
    query: z.string().min(1).max(1_000).describe('Such as repo:octocat/hello-world is:open label:bug crash.'),
    sort: z.enum(['comments', 'reactions', 'interactions', 'created', 'updated']).optional().describe('By how well it fits unless set.'),
    order: z.enum(['asc', 'desc']).optional(),
    limit: listLimit,
  }),
  output: z.object({
    total: z.number().describe('How many GitHub has found.'),
    issues: z.array(issueLine),
    complete: z.boolean().describe('False where the limit was reached, or GitHub ran out of time.'),
  }),
  async run({ input: { query: q, limit, ...order }, http }) {
    const at = path`/search/issues`;
    const { total, items, complete } = await searchPages(http, { at, query: { q, ...order }, found: issueAnswer, limit });
    return { total, issues: items.map(showIssueLine), complete };
  },
});
