import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { accountId, issueIdOrKey } from '../jira-schemas.ts';

/** Sends mail about an issue. Nothing tells afterwards whether it was sent, so nothing repeats it. */
export const notifyPeople = defineAction({
  title: 'Notify',
  description: 'Has Jira send an e-mail about an issue to people who can see it.',
  idempotency: 'unsafe',
  scopes: [{ scope: 'write:jira-work', reason: 'To send e-mail about issues.' }],
  resources: namedByIssue,
  input: z
    .strictObject({
      issue: issueIdOrKey.describe('Key or id of the issue.'),
      subject: z.string().min(1).max(255).optional().describe("The issue's key and summary unless set."),
      text: z.string().min(1).max(32_767),
      to_reporter: z.boolean().default(false),
      to_assignee: z.boolean().default(false),
      to_watchers: z.boolean().default(false),
      to_voters: z.boolean().default(false),
      to_users: z.array(accountId).max(100).default([]).describe('Account ids.'),
      to_groups: z.array(z.string().min(1).max(255)).max(100).default([]).describe('Names of groups.'),
    })
    .refine(
      ({ to_reporter, to_assignee, to_watchers, to_voters, to_users, to_groups }) =>
        to_reporter || to_assignee || to_watchers || to_voters || to_users.length + to_groups.length > 0,
      { error: 'Name at least one to notify.' },
    ),
  output: z.object({ issue: z.string() }),
  async run({ input, http }) {
    const json = {
      ...(input.subject === undefined ? {} : { subject: input.subject }),
      textBody: input.text,
      to: {
        reporter: input.to_reporter,
        assignee: input.to_assignee,
        watchers: input.to_watchers,
        voters: input.to_voters,
        users: input.to_users.map((id) => ({ accountId: id })),
        groups: input.to_groups.map((name) => ({ name })),
      },
    };
    await http.post(path`/api/3/issue/${input.issue}/notify`, { json, response: z.unknown() });
    return { issue: input.issue };
  },
});
