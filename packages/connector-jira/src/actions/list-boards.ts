import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByProject } from '../jira-resources.ts';
import { more, most, projectIdOrKey } from '../jira-schemas.ts';
import { byOffset } from './page-size.ts';

const board = z.object({ id: z.number(), name: z.string(), type: z.string() });

/** The agile API gives at most 50 items of a page. */
const pageOfAgile = 50;

/** The boards that the account sees. */
export const listBoards = defineAction({
  title: 'List boards',
  description: 'Lists the boards of a project, or those with a text in their name.',
  idempotency: 'read',
  scopes: [
    { scope: 'read:board-scope:jira-software', reason: 'To read boards.' },
    { scope: 'read:project:jira', reason: 'To read the projects of boards.' },
  ],
  resources: namedByProject,
  options: { project: 'projects' },
  paginated: true,
  input: z.strictObject({
    project: projectIdOrKey.optional().describe('Key or id of the project.'),
    name: z.string().min(1).max(255).optional(),
    type: z.enum(['scrum', 'kanban', 'simple']).optional(),
    limit: most,
  }),
  output: z.object({ boards: z.array(board), more }),
  async run({ input: { project, name, type, limit }, http }) {
    const listing = http.pages(path`/agile/1.0/board`, {
      query: {
        maxResults: Math.min(limit, pageOfAgile),
        ...(project === undefined ? {} : { projectKeyOrId: project }),
        ...(name === undefined ? {} : { name }),
        ...(type === undefined ? {} : { type }),
      },
      response: z.object({ values: z.array(board), total: z.number().nullish(), isLast: z.boolean().nullish() }),
      items: (page) => page.values,
      paging: byOffset,
    });
    const { items, more: goesOn } = await listing.first(limit);
    return { boards: items, more: goesOn };
  },
});
