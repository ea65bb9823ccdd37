import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { issueIdOrKey, transitionsSchema } from '../jira-schemas.ts';

/** The steps that an issue can take from where it stands, for this account. */
export const listTransitions = defineAction({
  title: 'List transitions',
  description: 'Lists the transitions that an issue can make now, with the status that each leads to.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read the workflow of issues.' }],
  resources: namedByIssue,
  input: z.strictObject({ issue: issueIdOrKey.describe('Key or id of the issue.') }),
  output: z.object({
    transitions: z.array(
      z.object({ id: z.string(), name: z.string(), status: z.string().describe('Where it leads.'), category: z.string().nullable() }),
    ),
  }),
  async run({ input: { issue }, http }) {
    const { transitions } = await http.get(path`/api/3/issue/${issue}/transitions`, { response: transitionsSchema });
    return {
      transitions: transitions.map(({ id, name, to }) => ({ id, name, status: to.name, category: to.statusCategory?.key ?? null })),
    };
  },
});
