import { defineAction } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, hasContent, noContent, postedSchema, timestamp } from '../slack-schemas.ts';
import { findMessage } from './find-message.ts';
import { postInput, postMessage } from './post-message.ts';

/** Replies to a message. Looked up like a message, among the replies of its thread. */
export const replyInThread = defineAction({
  title: 'Reply in thread',
  description: 'Posts a reply in the thread of a message.',
  idempotency: 'reconcilable',
  settlesWithin: 30_000,
  scopes: [
    { scope: 'chat:write', reason: 'To post replies.' },
    {
      scope: 'channels:history',
      reason: 'To find a reply whose answer was lost instead of asking a person (groups:history in private channels).',
    },
  ],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z
    .strictObject({
      channel: channelId,
      thread_ts: timestamp.describe("The thread's first message: event.data.event.ts, or thread_ts where that has one."),
      ...postInput,
      reply_broadcast: z.boolean().optional().describe('Shows the reply in the channel too.'),
    })
    .refine(hasContent, noContent),
  output: postedSchema,
  run: ({ input, http, key }) => postMessage({ message: input, http, key }),
  reconcile: ({ input, http, key, since }) => findMessage({ channel: input.channel, thread: input.thread_ts, http, key, since }),
});
