import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { issueAnswer, shownFields, shownIssue, toShownIssue, wantedFields } from '../formats/shown-issue.ts';
import { namedByNothing } from '../jira-resources.ts';
import { more, most } from '../jira-schemas.ts';
import { pageSize } from './page-size.ts';

/** Finds issues by JQL. The listing goes by tokens: Jira tells neither how many there are nor any page but the next. */
export const searchIssues = defineAction({
  title: 'Search issues',
  description: 'Finds issues by JQL, such as project = OPS AND status = "To Do". The search lags behind what was written.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To search issues.' }],
  resources: namedByNothing,
  options: { fields: 'fields' },
  paginated: true,
  input: z.strictObject({
    jql: z.string().min(1).max(10_000).describe('Jira wants a bounded search: name at least one condition.'),
    fields: wantedFields,
    limit: most,
  }),
  output: z.object({ issues: z.array(shownIssue), more }),
  async run({ input: { jql, fields, limit }, http, settings }) {
    const listing = http.pages(path`/api/3/search/jql`, {
      query: { jql, fields: [...shownFields, ...fields], maxResults: pageSize(limit) },
      response: z.object({ issues: z.array(issueAnswer), nextPageToken: z.string().nullish() }),
      items: (page) => page.issues,
      paging: { by: 'cursor', parameter: 'nextPageToken', cursor: (page) => page.nextPageToken },
    });
    const { items, more: goesOn } = await listing.first(limit);
    return { issues: items.map((item) => toShownIssue(item, { wanted: fields, settings })), more: goesOn };
  },
});
