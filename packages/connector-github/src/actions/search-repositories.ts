import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { listLimit } from '../github-schemas.ts';
import { searchPages } from './search-pages.ts';
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
    const at = path`/search/repositories`;
    const { total, items, complete } = await searchPages(http, { at, query: { q, ...order }, found: repositoryAnswer, limit });
    return { total, repositories: items.map(showRepository), complete };
  },
});
