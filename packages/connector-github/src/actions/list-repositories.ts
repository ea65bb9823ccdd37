import { type ConnectorHttp, defineAction, isPatchbayError, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { listLimit } from '../github-schemas.ts';
import { type CollectedItems, collectItems, pageSize } from './collect-items.ts';
import { repositoryAnswer, repositoryOutput, showRepository } from './show-repository.ts';

type Repository = z.output<typeof repositoryAnswer>;

/** Lists what the account reaches. The token of an installation is nobody's, so GitHub answers 403 for its user: then it is what the installation reaches. */
export const listRepositories = defineAction({
  title: 'List repositories',
  description: 'Lists the repositories that the account reaches. The filters count for people, not for an installation of an app.',
  idempotency: 'read',
  paginated: true,
  timeoutMs: 60_000,
  scopes: [repoScope('list repositories')],
  resources: { repository: 'any' },
  input: z.strictObject({
    visibility: z.enum(['all', 'public', 'private']).optional(),
    affiliation: z
      .array(z.enum(['owner', 'collaborator', 'organization_member']))
      .min(1)
      .max(3)
      .optional()
      .describe('All three unless set.'),
    sort: z.enum(['created', 'updated', 'pushed', 'full_name']).optional(),
    direction: z.enum(['asc', 'desc']).optional(),
    limit: listLimit,
  }),
  output: z.object({
    repositories: z.array(repositoryOutput),
    complete: z.boolean().describe('False where the limit was reached: there may be more.'),
  }),
  async run({ input: { limit, affiliation, ...filter }, http }) {
    const query = { ...filter, ...(affiliation ? { affiliation: affiliation.join(',') } : {}), per_page: pageSize(limit) };
    const { items, complete } = await collectItems(ofPerson(http, query), limit).catch((error: unknown) => {
      if (!isPatchbayError(error) || error.code !== 'permission_denied') throw error;
      return ofInstallation(http, limit).catch(() => Promise.reject(error));
    });
    return { repositories: items.map(showRepository), complete };
  },
});

const ofPerson = (http: ConnectorHttp, query: Readonly<Record<string, string | number | undefined>>): AsyncIterable<Repository> =>
  http.pages(path`/user/repos`, { query, response: z.array(repositoryAnswer), items: (page) => page, paging: { by: 'link' } });

function ofInstallation(http: ConnectorHttp, limit: number | undefined): Promise<CollectedItems<Repository>> {
  const pages = http.pages(path`/installation/repositories`, {
    query: { per_page: pageSize(limit) },
    response: z.object({ repositories: z.array(repositoryAnswer) }),
    items: (page) => page.repositories,
    paging: { by: 'link' },
  });
  return collectItems(pages, limit);
}
