import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { offsetIn, pageOptions } from './offset-page.ts';

/** The projects that the account sees, by their keys. */
export const projects: OptionSource = {
  title: 'Projects',
  scopes: [{ scope: 'read:jira-work', reason: 'To offer projects.' }],
  resource: 'project',
  searches: true,
  async list({ http, search, cursor }) {
    const startAt = offsetIn(cursor);
    const page = await http.get(path`/api/3/project/search`, {
      query: { startAt, maxResults: 50, orderBy: 'name', ...(search === '' ? {} : { query: search }) },
      response: z.object({ values: z.array(z.object({ key: z.string(), name: z.string() })), isLast: z.boolean().nullish() }),
    });
    return pageOptions(startAt, page, ({ key, name }) => ({ value: key, label: name, description: key }));
  },
};
