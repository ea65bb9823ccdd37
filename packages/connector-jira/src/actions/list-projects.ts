import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByNothing } from '../jira-resources.ts';
import { more, most } from '../jira-schemas.ts';
import { byOffset, pageSize } from './page-size.ts';

const project = z.object({ id: z.string(), key: z.string(), name: z.string(), projectTypeKey: z.string().nullish() });

/** The projects that the account sees. */
export const listProjects = defineAction({
  title: 'List projects',
  description: 'Lists the projects that the account sees, those with a text in key or name where one is given.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read projects.' }],
  resources: namedByNothing,
  paginated: true,
  input: z.strictObject({ query: z.string().min(1).max(255).optional(), limit: most }),
  output: z.object({
    projects: z.array(z.object({ id: z.string(), key: z.string(), name: z.string(), type: z.string().nullable() })),
    more,
  }),
  async run({ input: { query, limit }, http }) {
    const listing = http.pages(path`/api/3/project/search`, {
      query: { maxResults: pageSize(limit), orderBy: 'key', ...(query === undefined ? {} : { query }) },
      response: z.object({ values: z.array(project), total: z.number().nullish(), isLast: z.boolean().nullish() }),
      items: (page) => page.values,
      paging: byOffset,
    });
    const { items, more: goesOn } = await listing.first(limit);
    return { projects: items.map(({ projectTypeKey, ...each }) => ({ ...each, type: projectTypeKey ?? null })), more: goesOn };
  },
});
