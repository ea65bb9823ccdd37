import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { documentText } from '../formats/document-text.ts';
import { shownPerson, toShownPerson } from '../formats/shown-issue.ts';
import { namedByIssue } from '../jira-resources.ts';
import { issueIdOrKey, more, most, userSchema } from '../jira-schemas.ts';
import { byOffset, pageSize } from './page-size.ts';

const worklog = z.object({
  id: z.string(),
  author: userSchema.nullish().catch(null),
  comment: z.unknown().optional(),
  started: z.string(),
  timeSpentSeconds: z.number(),
});

/** The work that was logged on an issue, the oldest first. */
export const listWorklogs = defineAction({
  title: 'List worklogs',
  description: 'Lists the work that was logged on an issue, from and to a time where they are given.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read logged work.' }],
  resources: namedByIssue,
  paginated: true,
  input: z.strictObject({
    issue: issueIdOrKey.describe('Key or id of the issue.'),
    started_after: z.iso.datetime({ offset: true }).optional(),
    started_before: z.iso.datetime({ offset: true }).optional(),
    limit: most,
  }),
  output: z.object({
    worklogs: z.array(z.object({ id: z.string(), author: shownPerson, comment: z.string(), started: z.string(), seconds: z.number() })),
    more,
  }),
  async run({ input: { issue, started_after: after, started_before: before, limit }, http }) {
    const listing = http.pages(path`/api/3/issue/${issue}/worklog`, {
      query: {
        maxResults: pageSize(limit),
        ...(after === undefined ? {} : { startedAfter: Date.parse(after) }),
        ...(before === undefined ? {} : { startedBefore: Date.parse(before) }),
      },
      response: z.object({ worklogs: z.array(worklog), total: z.number().nullish() }),
      items: (page) => page.worklogs,
      paging: byOffset,
    });
    const { items, more: goesOn } = await listing.first(limit);
    return {
      worklogs: items.map(({ id, author, comment, started, timeSpentSeconds: seconds }) => ({
        id,
        author: toShownPerson(author),
        comment: documentText(comment),
        started,
        seconds,
      })),
      more: goesOn,
    };
  },
});
