import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByProject } from '../jira-resources.ts';
import { more, most, projectIdOrKey } from '../jira-schemas.ts';
import { byOffset, pageSize } from './page-size.ts';

const issueType = z.object({ id: z.string(), name: z.string(), description: z.string().nullish(), subtask: z.boolean().nullish() });

/** The issue types that the account can create in a project. */
export const listIssueTypes = defineAction({
  title: 'List issue types',
  description: 'Lists the types of issues that the account can create in a project.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read issue types.' }],
  resources: namedByProject,
  options: { project: 'projects' },
  paginated: true,
  input: z.strictObject({ project: projectIdOrKey.describe('Key or id of the project.'), limit: most }),
  output: z.object({
    issue_types: z.array(z.object({ id: z.string(), name: z.string(), description: z.string(), subtask: z.boolean() })),
    more,
  }),
  async run({ input: { project, limit }, http }) {
    const listing = http.pages(path`/api/3/issue/createmeta/${project}/issuetypes`, {
      query: { maxResults: pageSize(limit) },
      response: z.object({ issueTypes: z.array(issueType), total: z.number().nullish() }),
      items: (page) => page.issueTypes,
      paging: byOffset,
    });
    const { items, more: goesOn } = await listing.first(limit);
    const types = items.map(({ description, subtask, ...each }) => ({
      ...each,
      description: description ?? '',
      subtask: subtask ?? false,
    }));
    return { issue_types: types, more: goesOn };
  },
});
