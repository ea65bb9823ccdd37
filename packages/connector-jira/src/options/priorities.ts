import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { ofNoProject } from '../jira-resources.ts';
import { offsetIn, pageOptions } from './offset-page.ts';

/** The priorities of the site, by their names. */
export const priorities: OptionSource = {
  title: 'Priorities',
  scopes: [{ scope: 'read:jira-work', reason: 'To offer priorities.' }],
  resources: ofNoProject,
  async list({ http, cursor }) {
    const startAt = offsetIn(cursor);
    const page = await http.get(path`/api/3/priority/search`, {
      query: { startAt, maxResults: 50 },
      response: z.object({ values: z.array(z.object({ name: z.string() })), isLast: z.boolean().nullish() }),
    });
    return pageOptions(startAt, page, ({ name }) => ({ value: name, label: name }));
  },
};
