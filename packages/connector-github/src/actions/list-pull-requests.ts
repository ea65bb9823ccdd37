import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { branchName, listLimit, login, repositoryInput } from '../github-schemas.ts';
import { collectItems, pageSize } from './collect-items.ts';
import { pullRequestAnswer, pullRequestLine, showPullRequestLine } from './show-pull-request.ts';

/** Lists pull requests. */
export const listPullRequests = defineAction({
  title: 'List pull requests',
  description: 'Lists the pull requests of a repository.',
  idempotency: 'read',
  paginated: true,
  timeoutMs: 60_000,
  scopes: [repoScope('read pull requests')],
  resources: namedByInput,
  options: { repo: 'repositories', head: 'branches', base: 'branches' },
  input: z.strictObject({
    ...repositoryInput,
    state: z.enum(['open', 'closed', 'all']).optional().describe('open unless set.'),
    head: branchName.optional().describe('Branch with the changes.'),
    head_owner: login.optional().describe('Whose branch that is. The owner of the repository unless set.'),
    base: branchName.optional().describe('Branch that they are to be merged into.'),
    sort: z.enum(['created', 'updated', 'popularity', 'long-running']).optional(),
    direction: z.enum(['asc', 'desc']).optional(),
    limit: listLimit,
  }),
  output: z.object({
    pull_requests: z.array(pullRequestLine),
    complete: z.boolean().describe('False where the limit was reached: there may be more.'),
  }),
  async run({ input: { owner, repo, limit, head, head_owner: whose = owner, ...query }, http }) {
    const { items, complete } = await collectItems(
      http.pages(path`/repos/${owner}/${repo}/pulls`, {
        query: { ...query, ...(head === undefined ? {} : { head: `${whose}:${head}` }), per_page: pageSize(limit) },
        response: z.array(pullRequestAnswer),
        items: (page) => page,
        paging: { by: 'link' },
      }),
      limit,
    );
    return { pull_requests: items.map(showPullRequestLine), complete };
  },
});
