import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { reachesAny } from '../slack-resources.ts';
import { conversationSchema, cursorFields, mostItems, teamId } from '../slack-schemas.ts';
import { readListing } from './read-listing.ts';

const page = z.object({ channels: z.array(conversationSchema), ...cursorFields });

/** The conversations that the account can see. */
export const listChannels = defineAction({
  title: 'List channels',
  description: 'Lists the channels that the account can see, public ones unless others are asked for.',
  idempotency: 'read',
  paginated: true,
  scopes: [{ scope: 'channels:read', reason: 'To list public channels (groups:read, im:read and mpim:read for the other kinds).' }],
  resources: reachesAny,
  input: z.strictObject({
    types: z
      .array(z.enum(['public_channel', 'private_channel', 'im', 'mpim']))
      .min(1)
      .optional(),
    exclude_archived: z.boolean().default(true),
    team_id: teamId,
    max_items: mostItems,
  }),
  output: z.object({ channels: z.array(conversationSchema), has_more: z.boolean() }),
  async run({ input: { max_items: most, types, ...query }, http }) {
    const asked = { ...query, types: types?.join(',') };
    const listing = { http, path: path`/conversations.list`, query: asked, response: page, most };
    const { items: channels, has_more } = await readListing({ ...listing, items: (each) => each.channels });
    return { channels, has_more };
  },
});
