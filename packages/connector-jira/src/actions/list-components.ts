import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { shownPerson, toShownPerson } from '../formats/shown-issue.ts';
import { namedByProject } from '../jira-resources.ts';
import { more, most, projectIdOrKey, userSchema } from '../jira-schemas.ts';
import { byOffset, pageSize } from './page-size.ts';

const component = z.object({ id: z.string(), name: z.string(), description: z.string().nullish(), lead: userSchema.nullish().catch(null) });

/** The components of a project. */
export const listComponents = defineAction({
  title: 'List components',
  description: 'Lists the components of a project.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read components.' }],
  resources: namedByProject,
  options: { project: 'projects' },
  paginated: true,
  input: z.strictObject({ project: projectIdOrKey.describe('Key or id of the project.'), limit: most }),
  output: z.object({
    components: z.array(z.object({ id: z.string(), name: z.string(), description: z.string(), lead: shownPerson })),
    more,
  }),
  async run({ input: { project, limit }, http }) {
    const listing = http.pages(path`/api/3/project/${project}/component`, {
      query: { maxResults: pageSize(limit) },
      response: z.object({ values: z.array(component), total: z.number().nullish(), isLast: z.boolean().nullish() }),
      items: (page) => page.values,
      paging: byOffset,
    });
    const { items, more: goesOn } = await listing.first(limit);
    const components = items.map(({ id, name, description, lead }) => ({
      id,
      name,
      description: description ?? '',
      lead: toShownPerson(lead),
    }));
    return { components, more: goesOn };
  },
});
