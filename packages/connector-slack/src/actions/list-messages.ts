import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, cursorFields, messageSchema, mostItems, timestamp } from '../slack-schemas.ts';
import { readListing } from './read-listing.ts';

const page = z.object({ messages: z.array(messageSchema), ...cursorFields });

/** The messages of a conversation, the newest first, without those in threads. */
export const listMessages = defineAction({
  title: 'List messages',
  description: 'Lists the messages of a channel, the newest first, without the replies in threads.',
  idempotency: 'read',
  paginated: true,
  scopes: [
    { scope: 'channels:history', reason: 'To read public channels (groups:history, im:history and mpim:history for the other kinds).' },
  ],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({
    channel: channelId,
    oldest: timestamp.optional().describe('Only messages after this one.'),
    latest: timestamp.optional().describe('Only messages before this one.'),
    inclusive: z.boolean().optional().describe('Takes the messages at oldest and latest too.'),
    max_items: mostItems,
  }),
  output: z.object({ messages: z.array(messageSchema), has_more: z.boolean() }),
  async run({ input: { max_items: most, ...query }, http }) {
    const listing = { http, path: path`/conversations.history`, query, response: page, most };
    const { items: messages, has_more } = await readListing({ ...listing, items: (each) => each.messages });
    return { messages, has_more };
  },
});
