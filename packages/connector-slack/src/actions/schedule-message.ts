import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { messageMetadata } from '../formats/block-kit.ts';
import { namedByInput } from '../slack-resources.ts';
import { channelId, contentInput, hasContent, noContent, timestamp, unfurlInput } from '../slack-schemas.ts';
import { composeMessage } from './compose-message.ts';

const scheduledSchema = z.object({ channel: z.string(), scheduled_message_id: z.string(), post_at: z.number() });

/** Has Slack post a message later. The list of what is scheduled shows no metadata, so a lost answer cannot be looked up. */
export const scheduleMessage = defineAction({
  title: 'Schedule message',
  description: 'Has Slack post a message at a later time, at most 120 days ahead.',
  idempotency: 'unsafe',
  scopes: [{ scope: 'chat:write', reason: 'To schedule messages.' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z
    .strictObject({
      channel: channelId,
      post_at: z.number().int().min(1).max(99_999_999_999).describe('When it is posted, in seconds since 1970.'),
      ...contentInput,
      ...unfurlInput,
      metadata: messageMetadata.optional(),
      thread_ts: timestamp.optional().describe('Posts it in the thread of this message.'),
      reply_broadcast: z.boolean().optional().describe('With thread_ts: shows it in the channel too.'),
    })
    .refine(hasContent, noContent),
  output: scheduledSchema,
  run: ({ input, http }) => http.post(path`/chat.scheduleMessage`, { json: composeMessage(input), response: scheduledSchema }),
});
