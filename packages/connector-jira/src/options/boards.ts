import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { givenText } from './given-text.ts';
import { offsetIn, pageOptions } from './offset-page.ts';

const named = z.object({ id: z.number(), name: z.string() });

/** The boards that the account sees, by their ids. */
export const boards: OptionSource = {
  title: 'Boards',
  scopes: [
    { scope: 'read:board-scope:jira-software', reason: 'To offer boards.' },
    { scope: 'read:project:jira', reason: 'To read the projects of boards.' },
  ],
  searches: true,
  async list({ http, search, cursor }) {
    const startAt = offsetIn(cursor);
    const page = await http.get(path`/agile/1.0/board`, {
      query: { startAt, maxResults: 50, ...(search === '' ? {} : { name: search }) },
      response: z.object({ values: z.array(named), isLast: z.boolean().nullish() }),
    });
    return pageOptions(startAt, page, ({ id, name }) => ({ value: id, label: name }));
  },
};

/** The sprints of a board that issues can be put into, by their ids. */
export const sprints: OptionSource = {
  title: 'Sprints',
  needs: ['board'],
  scopes: [{ scope: 'read:sprint:jira-software', reason: 'To offer sprints.' }],
  async list({ http, given, cursor }) {
    const startAt = offsetIn(cursor);
    const page = await http.get(path`/agile/1.0/board/${givenText(given, 'board')}/sprint`, {
      query: { startAt, maxResults: 50, state: 'active,future' },
      response: z.object({ values: z.array(named.extend({ state: z.string() })), isLast: z.boolean().nullish() }),
    });
    return pageOptions(startAt, page, ({ id, name, state }) => ({ value: id, label: name, description: state }));
  },
};
