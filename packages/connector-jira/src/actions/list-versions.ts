import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByProject } from '../jira-resources.ts';
import { more, most, projectIdOrKey } from '../jira-schemas.ts';
import { byOffset, pageSize } from './page-size.ts';

const version = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  released: z.boolean().nullish(),
  archived: z.boolean().nullish(),
  releaseDate: z.string().nullish(),
});

/** The versions of a project. */
export const listVersions = defineAction({
  title: 'List versions',
  description: 'Lists the versions of a project, those that are released, not yet released or archived where one is named.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read versions.' }],
  resources: namedByProject,
  options: { project: 'projects' },
  paginated: true,
  input: z.strictObject({
    project: projectIdOrKey.describe('Key or id of the project.'),
    status: z.enum(['released', 'unreleased', 'archived']).optional(),
    limit: most,
  }),
  output: z.object({
    versions: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        description: z.string(),
        released: z.boolean(),
        archived: z.boolean(),
        release_date: z.string().nullable(),
      }),
    ),
    more,
  }),
  async run({ input: { project, status, limit }, http }) {
    const listing = http.pages(path`/api/3/project/${project}/version`, {
      query: { maxResults: pageSize(limit), ...(status === undefined ? {} : { status }) },
      response: z.object({ values: z.array(version), total: z.number().nullish(), isLast: z.boolean().nullish() }),
      items: (page) => page.values,
      paging: byOffset,
    });
    const { items, more: goesOn } = await listing.first(limit);
    return {
      versions: items.map(({ id, name, description, released, archived, releaseDate }) => ({
        id,
        name,
        description: description ?? '',
        released: released ?? false,
        archived: archived ?? false,
        release_date: releaseDate ?? null,
      })),
      more: goesOn,
    };
  },
});
