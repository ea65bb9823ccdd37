import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { accountId, issueIdOrKey } from '../jira-schemas.ts';

/** Assigns an issue. It needs the permission to assign, not the one to edit. */
export const assignIssue = defineAction({
  title: 'Assign issue',
  description: "Gives an issue to somebody, to nobody, or to the project's default assignee.",
  idempotency: 'idempotent',
  scopes: [{ scope: 'write:jira-work', reason: 'To assign issues.' }],
  resources: namedByIssue,
  options: { assignee: 'users' },
  input: z.strictObject({
    issue: issueIdOrKey.describe('Key or id of the issue.'),
    assignee: z
      .union([accountId, z.literal('-1')])
      .nullable()
      .describe("Account id; null for nobody, -1 for the project's default."),
  }),
  output: z.object({ issue: z.string(), assignee: z.string().nullable() }),
  async run({ input: { issue, assignee }, http }) {
    await http.put(path`/api/3/issue/${issue}/assignee`, { json: { accountId: assignee }, response: z.unknown() });
    return { issue, assignee };
  },
});
