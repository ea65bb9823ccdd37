import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { listLimit } from '../github-schemas.ts';
import { collectItems, pageSize } from './collect-items.ts';
import { repositoryAnswer, repositoryOutput, showRepository } from './show-repository.ts';

/** Searches repositories. GitHub gives 1,000 at most, and counts searches apart: 30 in a minute. */
export const searchRepositories = defineAction({
  title: 'Search repositories',
  description: "Searches repositories in GitHub's own language.",
  idempotency: 'read',
  paginated: true,
  timeoutMs: 60_000,
  scopes: [repoScope('find repositories')],
  resources: { repository: 'any' },
  input: z.strictObject({
    query: z.string().min(1).max(1_000).describe('Such as org:octo-org language:typescript archived:false.'),
    sort: z.enum(['stars', 'forks', 'help-wanted-issues', 'updated']).optional().describe('By how well it fits unless set.'),
    order: z.enum(['asc', 'desc']).optional(),
    limit: listLimit,
  }),
  output: z.object({
    total: z.number().describe('How many GitHub has found.'),
    repositories: z.array(repositoryOutput),
    complete: z.boolean().describe('False where the limit was reached, or GitHub ran out of time.'),
  }),
  async run({ input: { query: q, limit, ...order }, http }) {
    let total = 0;
    let isWhole = true;
    const { items, complete } = await collectItems(
      http.pages(path`/search/repositories`, {
        query: { q, ...order, per_page: pageSize(limit) },
        response: z.object({ total_count: z.number(), incomplete_results: z.boolean(), items: z.array(repositoryAnswer) }),
        items: (page) => {
          total = page.total_count;
          isWhole &&= !page.incomplete_results;
          return page.items;
        },
        paging: { by: 'link' },
      }),
      limit,
    );
    return { total, repositories: items.map(showRepository), complete: complete && isWhole };
  },
});
