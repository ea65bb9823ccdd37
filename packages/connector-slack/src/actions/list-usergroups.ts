import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { untouched } from '../slack-resources.ts';
import { teamId } from '../slack-schemas.ts';
import { given } from './read-listing.ts';

const answer = z.object({
  usergroups: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      handle: z.string().optional(),
      description: z.string().nullish(),
      users: z.array(z.string()).optional(),
    }),
  ),
});

/** The user groups of the workspace. Slack gives all of them at once. */
export const listUsergroups = defineAction({
  title: 'List user groups',
  description: 'Lists the user groups of the workspace, with the ids of their members.',
  idempotency: 'read',
  scopes: [{ scope: 'usergroups:read', reason: 'To list user groups.' }],
  resources: untouched,
  input: z.strictObject({ include_disabled: z.boolean().optional(), team_id: teamId }),
  output: answer,
  run: ({ input, http }) => http.get(path`/usergroups.list`, { query: given({ ...input, include_users: true }), response: answer }),
});
