import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { entityId, issueIdOrKey } from '../jira-schemas.ts';
import { deleteOnce } from './delete-once.ts';

/** Deletes a comment. */
export const deleteComment = defineAction({
  title: 'Delete comment',
  description: 'Deletes a comment of an issue for good.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'write:jira-work', reason: 'To delete comments.' }],
  resources: namedByIssue,
  input: z.strictObject({ issue: issueIdOrKey.describe('Key or id of the issue.'), comment: entityId.describe('Id of the comment.') }),
  output: z.object({ issue: z.string(), comment: z.string(), deleted: z.boolean().describe('False where it was not there.') }),
  async run({ input: { issue, comment }, http }) {
    return { issue, comment, deleted: await deleteOnce(http, path`/api/3/issue/${issue}/comment/${comment}`) };
  },
});
