import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { documentText } from '../formats/document-text.ts';
import { shownPerson, toShownPerson } from '../formats/shown-issue.ts';
import { namedByIssue } from '../jira-resources.ts';
import { issueIdOrKey, more, most, userSchema } from '../jira-schemas.ts';
import { byOffset, pageSize } from './page-size.ts';

const comment = z.object({
  id: z.string(),
  author: userSchema.nullish().catch(null),
  body: z.unknown().optional(),
  created: z.string(),
  updated: z.string().nullish(),
});

/** The comments of an issue, the oldest first unless the newest are wanted. */
export const listComments = defineAction({
  title: 'List comments',
  description: 'Lists the comments of an issue, as plain text.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read comments.' }],
  resources: namedByIssue,
  paginated: true,
  input: z.strictObject({
    issue: issueIdOrKey.describe('Key or id of the issue.'),
    newest_first: z.boolean().default(false),
    limit: most,
  }),
  output: z.object({
    comments: z.array(
      z.object({ id: z.string(), author: shownPerson, body: z.string(), created: z.string(), updated: z.string().nullable() }),
    ),
    more,
  }),
  async run({ input: { issue, newest_first: newestFirst, limit }, http }) {
    const listing = http.pages(path`/api/3/issue/${issue}/comment`, {
      query: { orderBy: newestFirst ? '-created' : 'created', maxResults: pageSize(limit) },
      response: z.object({ comments: z.array(comment), total: z.number().nullish() }),
      items: (page) => page.comments,
      paging: byOffset,
    });
    const { items, more: goesOn } = await listing.first(limit);
    return {
      comments: items.map(({ id, author, body, created, updated }) => ({
        id,
        author: toShownPerson(author),
        body: documentText(body),
        created,
        updated: updated ?? null,
      })),
      more: goesOn,
    };
  },
});
