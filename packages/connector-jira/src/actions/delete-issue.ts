import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { issueIdOrKey } from '../jira-schemas.ts';
import { deleteOnce } from './delete-once.ts';

/** Deletes an issue. Jira keeps none: there is no way back. */
export const deleteIssue = defineAction({
  title: 'Delete issue',
  description: 'Deletes an issue for good. One that has subtasks is refused unless they are to go with it.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'write:jira-work', reason: 'To delete issues.' }],
  resources: namedByIssue,
  input: z.strictObject({
    issue: issueIdOrKey.describe('Key or id of the issue.'),
    delete_subtasks: z.boolean().default(false),
  }),
  output: z.object({ issue: z.string(), deleted: z.boolean().describe('False where it was not there, or the account does not see it.') }),
  async run({ input: { issue, delete_subtasks: deleteSubtasks }, http }) {
    const query = deleteSubtasks ? { deleteSubtasks: 'true' } : {};
    return { issue, deleted: await deleteOnce(http, path`/api/3/issue/${issue}`, query) };
  },
});
