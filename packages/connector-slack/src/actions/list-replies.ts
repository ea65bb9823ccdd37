import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, cursorFields, messageSchema, mostItems, timestamp } from '../slack-schemas.ts';
import { readListing } from './read-listing.ts';

const page = z.object({ messages: z.array(messageSchema), ...cursorFields });

/** A thread: its first message and the replies. */
export const listReplies = defineAction({
  title: 'List replies',
  description: 'Lists a thread: its first message, then the replies.',
  idempotency: 'read',
  paginated: true,
  scopes: [
    {
      scope: 'channels:history',
      reason: 'To read threads of public channels (groups:history, im:history and mpim:history for the other kinds).',
    },
  ],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({ channel: channelId, thread_ts: timestamp.describe("The thread's first message."), max_items: mostItems }),
  output: z.object({ messages: z.array(messageSchema), has_more: z.boolean() }),
  async run({ input: { max_items: most, channel, thread_ts: ts }, http }) {
    const listing = { http, path: path`/conversations.replies`, query: { channel, ts }, response: page, most };
    const { items: messages, has_more } = await readListing({ ...listing, items: (each) => each.messages });
    return { messages, has_more };
  },
});
