import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, cursorFields, mostItems } from '../slack-schemas.ts';
import { readListing } from './read-listing.ts';

const page = z.object({ members: z.array(z.string()), ...cursorFields });

/** Who is in a conversation. */
export const listMembers = defineAction({
  title: 'List members',
  description: 'Lists the ids of the people in a channel.',
  idempotency: 'read',
  paginated: true,
  scopes: [
    { scope: 'channels:read', reason: 'To see who is in public channels (groups:read, im:read and mpim:read for the other kinds).' },
  ],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({ channel: channelId, max_items: mostItems }),
  output: z.object({ members: z.array(z.string()), has_more: z.boolean() }),
  async run({ input: { max_items: most, ...query }, http }) {
    const listing = { http, path: path`/conversations.members`, query, response: page, most };
    const { items: members, has_more } = await readListing({ ...listing, items: (each) => each.members });
    return { members, has_more };
  },
});
