import { type ConnectorHttp, defineAction, isPatchbayError, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { clockTolerance, commentSchema, issueIdOrKey, keyProperty, propertyName, propertyValue, richText } from '../jira-schemas.ts';
import { writeDocument } from './write-document.ts';

/** Most comments whose property is read one by one. */
const mostComments = 50;

/** Comments on an issue. The key goes with the comment as a property, and is looked for on the issue's newest comments. */
export const addComment = defineAction({
  title: 'Add comment',
  description: 'Adds a comment to an issue.',
  idempotency: 'reconcilable',
  // Comments are read directly, without the search's lag; the minute is for a request that Jira still works on after our time-out.
  settlesWithin: 60_000,
  scopes: [
    { scope: 'write:jira-work', reason: 'To comment.' },
    { scope: 'read:jira-work', reason: 'To find a comment whose answer was lost.' },
  ],
  resources: namedByIssue,
  input: z.strictObject({ issue: issueIdOrKey.describe('Key or id of the issue.'), body: richText }),
  output: z.object({ id: z.string() }),
  async run({ input, http, key }) {
    const json = { body: writeDocument(input.body), properties: [keyProperty(key)] };
    const { id } = await http.post(path`/api/3/issue/${input.issue}/comment`, { json, response: commentSchema });
    return { id };
  },
  async reconcile({ input, http, key, since }) {
    const query = { orderBy: '-created', maxResults: 100 };
    const comments = http.pages(path`/api/3/issue/${input.issue}/comment`, {
      query,
      response: z.object({ comments: z.array(commentSchema), startAt: z.number(), total: z.number() }),
      items: (page) => page.comments,
      next: ({ comments: { length }, startAt, total }) =>
        length > 0 && startAt + length < total ? { ...query, startAt: startAt + length } : undefined,
    });
    let seen = 0;
    for await (const { id, created } of comments) {
      if (Date.parse(created) < since - clockTolerance) break;
      if (++seen > mostComments) return { answer: 'cannot_tell', reason: `More than ${mostComments} comments have come since.` };
      if ((await readKey(http, id)) === key.value) return { answer: 'found', output: { id } };
    }
    return { answer: 'absent' };
  },
});

/** The key on a comment; undefined where it has none. */
async function readKey(http: ConnectorHttp, comment: string): Promise<unknown> {
  try {
    const { value } = await http.get(path`/api/3/comment/${comment}/properties/${propertyName}`, {
      response: z.object({ value: propertyValue }),
    });
    return value.key;
  } catch (error) {
    if (isPatchbayError(error) && error.code === 'provider_not_found') return undefined;
    throw error;
  }
}
