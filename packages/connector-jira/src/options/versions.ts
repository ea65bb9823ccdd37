import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { namedByProject } from '../jira-resources.ts';
import { givenText } from './given-text.ts';
import { offsetIn, pageOptions } from './offset-page.ts';

/** The versions of a project, by their ids. */
export const versions: OptionSource = {
  title: 'Versions',
  needs: ['project'],
  scopes: [{ scope: 'read:jira-work', reason: 'To offer versions.' }],
  resources: namedByProject,
  searches: true,
  async list({ http, given, search, cursor }) {
    const startAt = offsetIn(cursor);
    const page = await http.get(path`/api/3/project/${givenText(given, 'project')}/version`, {
      query: { startAt, maxResults: 50, orderBy: '-sequence', ...(search === '' ? {} : { query: search }) },
      response: z.object({
        values: z.array(z.object({ id: z.string(), name: z.string(), released: z.boolean().nullish() })),
        isLast: z.boolean().nullish(),
      }),
    });
    return pageOptions(startAt, page, ({ id, name, released }) => ({
      value: id,
      label: name,
      ...(released ? { description: 'released' } : {}),
    }));
  },
};
