import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByNothing } from '../jira-resources.ts';
import { issueIdOrKey } from '../jira-schemas.ts';

/** Puts issues into a sprint. Those that are in it stay. */
export const moveIssuesToSprint = defineAction({
  title: 'Move issues to sprint',
  description: 'Puts up to 50 issues into a sprint that is active or still to come.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'write:sprint:jira-software', reason: 'To plan issues into sprints.' }],
  resources: namedByNothing,
  options: { sprint: 'sprints' },
  input: z.strictObject({
    board: z.int().positive().optional().describe('Id of the board, by which the sprint can be chosen. It is not sent.'),
    sprint: z.int().positive().describe('Id of the sprint.'),
    issues: z.array(issueIdOrKey).min(1).max(50).describe('Keys or ids of the issues.'),
  }),
  output: z.object({ sprint: z.number(), issues: z.array(z.string()) }),
  async run({ input: { sprint, issues }, http }) {
    await http.post(path`/agile/1.0/sprint/${sprint}/issue`, { json: { issues }, response: z.unknown() });
    return { sprint, issues };
  },
});
