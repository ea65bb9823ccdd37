import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByNothing } from '../jira-resources.ts';
import { more, most } from '../jira-schemas.ts';
import { byOffset } from './page-size.ts';

const sprint = z.object({
  id: z.number(),
  name: z.string(),
  state: z.string(),
  startDate: z.string().nullish(),
  endDate: z.string().nullish(),
  completeDate: z.string().nullish(),
  goal: z.string().nullish(),
});

const date = z.string().nullable();

/** The sprints of a board. */
export const listSprints = defineAction({
  title: 'List sprints',
  description: 'Lists the sprints of a board, those in some states where they are named.',
  idempotency: 'read',
  scopes: [{ scope: 'read:sprint:jira-software', reason: 'To read sprints.' }],
  resources: namedByNothing,
  options: { board: 'boards' },
  paginated: true,
  input: z.strictObject({
    board: z.int().positive().describe('Id of the board.'),
    states: z
      .array(z.enum(['future', 'active', 'closed']))
      .max(3)
      .default([]),
    limit: most,
  }),
  output: z.object({
    sprints: z.array(
      z.object({ id: z.number(), name: z.string(), state: z.string(), starts: date, ends: date, completed: date, goal: z.string() }),
    ),
    more,
  }),
  async run({ input: { board, states, limit }, http }) {
    const listing = http.pages(path`/agile/1.0/board/${board}/sprint`, {
      query: { maxResults: Math.min(limit, 50), ...(states.length === 0 ? {} : { state: states.join(',') }) },
      response: z.object({ values: z.array(sprint), total: z.number().nullish(), isLast: z.boolean().nullish() }),
      items: (page) => page.values,
      paging: byOffset,
    });
    const { items, more: goesOn } = await listing.first(limit);
    const sprints = items.map(({ id, name, state, startDate, endDate, completeDate, goal }) => ({
      id,
      name,
      state,
      starts: startDate ?? null,
      ends: endDate ?? null,
      completed: completeDate ?? null,
      goal: goal ?? '',
    }));
    return { sprints, more: goesOn };
  },
});
