import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { namedByProject } from '../jira-resources.ts';
import { givenText } from './given-text.ts';
import { offsetIn, pageOptions } from './offset-page.ts';

const page = z.object({
  issueTypes: z.array(z.object({ name: z.string(), description: z.string().nullish() })),
  total: z.number().nullish(),
});

/** The types of issues that the account can create in a project, by their names. */
export const issueTypes: OptionSource = {
  title: 'Issue types',
  needs: ['project'],
  scopes: [{ scope: 'read:jira-work', reason: 'To offer issue types.' }],
  resources: namedByProject,
  async list({ http, given, cursor }) {
    const startAt = offsetIn(cursor);
    const project = givenText(given, 'project');
    const { issueTypes: values, total } = await http.get(path`/api/3/issue/createmeta/${project}/issuetypes`, {
      query: { startAt, maxResults: 100 },
      response: page,
    });
    return pageOptions(startAt, { values, total: total ?? null }, ({ name, description }) => ({
      value: name,
      label: name,
      ...(description ? { description } : {}),
    }));
  },
};
