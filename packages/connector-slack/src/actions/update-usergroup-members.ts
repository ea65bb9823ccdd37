import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { reachesAny } from '../slack-resources.ts';
import { teamId, userId } from '../slack-schemas.ts';

const answer = z.object({ usergroup: z.object({ id: z.string(), users: z.array(z.string()).optional() }) });

/** Sets who is in a user group. Its members join the group's default channels. */
export const updateUsergroupMembers = defineAction({
  title: 'Update user group members',
  description: 'Sets who is in a user group: these people, and nobody else.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'usergroups:write', reason: 'To set who is in a user group.' }],
  resources: reachesAny,
  options: { usergroup: 'usergroups', users: 'users' },
  input: z.strictObject({
    usergroup: z
      .string()
      .regex(/^S[A-Z0-9]{2,}$/)
      .describe('Id of the user group, such as S0123456789.'),
    users: z.array(userId).min(1).max(1_000),
    team_id: teamId,
  }),
  output: answer,
  run: ({ input, http }) =>
    http.post(path`/usergroups.users.update`, { json: { ...input, users: input.users.join(',') }, response: answer }),
});
