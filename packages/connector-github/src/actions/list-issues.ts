import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { labelName, listLimit, login, repositoryInput } from '../github-schemas.ts';
import { collectItems, pageSize } from './collect-items.ts';
import { issueAnswer, issueLine, showIssueLine } from './show-issue.ts';

/** Lists issues; pull requests are issues too, and are told apart. */
export const listIssues = defineAction({
  title: 'List issues',
  description: 'Lists the issues of a repository. GitHub lists pull requests among them (is_pull_request).',
  idempotency: 'read',
  paginated: true,
  timeoutMs: 60_000,
  scopes: [repoScope('read issues')],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({
    ...repositoryInput,
    state: z.enum(['open', 'closed', 'all']).optional().describe('open unless set.'),
    labels: z
      .array(labelName.regex(/^[^,]*$/))
      .min(1)
      .max(20)
      .optional()
      .describe('Issues with all of these.'),
    assignee: z
      .union([login, z.enum(['none', '*'])])
      .optional()
      .describe('A login, none, or * for any.'),
    creator: login.optional(),
    milestone: z.union([z.number().int().positive(), z.enum(['none', '*'])]).optional(),
    since: z.iso.datetime().optional().describe('Changed at or after this time.'),
    sort: z.enum(['created', 'updated', 'comments']).optional(),
    direction: z.enum(['asc', 'desc']).optional(),
    limit: listLimit,
  }),
  output: z.object({ issues: z.array(issueLine), complete: z.boolean().describe('False where the limit was reached: there may be more.') }),
  async run({ input: { owner, repo, limit, labels, ...query }, http }) {
    const { items, complete } = await collectItems(
      http.pages(path`/repos/${owner}/${repo}/issues`, {
        query: { ...query, ...(labels ? { labels: labels.join(',') } : {}), per_page: pageSize(limit) },
        response: z.array(issueAnswer),
        items: (page) => page,
        paging: { by: 'link' },
      }),
      limit,
    );
    return { issues: items.map(showIssueLine), complete };
  },
});
