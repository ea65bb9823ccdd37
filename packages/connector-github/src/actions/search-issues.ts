import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { listLimit } from '../github-schemas.ts';
import { collectItems, pageSize } from './collect-items.ts';
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
    let total = 0;
    let isWhole = true;
    const { items, complete } = await collectItems(
      http.pages(path`/search/issues`, {
        query: { q, ...order, per_page: pageSize(limit) },
        response: z.object({ total_count: z.number(), incomplete_results: z.boolean(), items: z.array(issueAnswer) }),
        items: (page) => {
          total = page.total_count;
          isWhole &&= !page.incomplete_results;
          return page.items;
        },
        paging: { by: 'link' },
      }),
      limit,
    );
    return { total, issues: items.map(showIssueLine), complete: complete && isWhole };
  },
});
