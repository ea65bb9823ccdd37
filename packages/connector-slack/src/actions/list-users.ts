import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { untouched } from '../slack-resources.ts';
import { cursorFields, mostItems, teamId, userSchema } from '../slack-schemas.ts';
import { readListing } from './read-listing.ts';

const page = z.object({ members: z.array(userSchema), ...cursorFields });

/** Everybody in the workspace, bots and those who have left too. */
export const listUsers = defineAction({
  title: 'List users',
  description: 'Lists the people and bots of the workspace, those too who have left (deleted).',
  idempotency: 'read',
  paginated: true,
  scopes: [{ scope: 'users:read', reason: 'To list people (users:read.email for their addresses).' }],
  resources: untouched,
  input: z.strictObject({ team_id: teamId, max_items: mostItems }),
  output: z.object({ users: z.array(userSchema), has_more: z.boolean() }),
  async run({ input: { max_items: most, ...query }, http }) {
    const listing = { http, path: path`/users.list`, query, response: page, most };
    const { items: users, has_more } = await readListing({ ...listing, items: (each) => each.members });
    return { users, has_more };
  },
});
