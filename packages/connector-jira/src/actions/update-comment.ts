import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { entityId, issueIdOrKey, richText } from '../jira-schemas.ts';
import { writeDocument } from './write-document.ts';

/** Sets the text of a comment. */
export const updateComment = defineAction({
  title: 'Update comment',
  description: 'Sets the text of a comment.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'write:jira-work', reason: 'To change comments.' }],
  resources: namedByIssue,
  input: z.strictObject({
    issue: issueIdOrKey.describe('Key or id of the issue.'),
    comment: entityId.describe('Id of the comment.'),
    body: richText,
  }),
  output: z.object({ issue: z.string(), comment: z.string() }),
  async run({ input: { issue, comment, body }, http }) {
    await http.put(path`/api/3/issue/${issue}/comment/${comment}`, { json: { body: writeDocument(body) }, response: z.unknown() });
    return { issue, comment };
  },
});
