import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, contentInput, hasContent, noContent, timestamp, userId } from '../slack-schemas.ts';
import { composeMessage } from './compose-message.ts';

/** Shows a message to one person. It is in no history, so nobody can look whether it came. */
export const sendEphemeral = defineAction({
  title: 'Send ephemeral message',
  description: 'Shows a message in a channel to one person alone, until they leave or reload.',
  idempotency: 'unsafe',
  scopes: [{ scope: 'chat:write', reason: 'To show messages to one person.' }],
  resources: namedByInput,
  options: { channel: 'channels', user: 'users' },
  input: z
    .strictObject({
      channel: channelId,
      user: userId,
      thread_ts: timestamp.optional().describe('Shows it in the thread of this message.'),
      ...contentInput,
    })
    .refine(hasContent, noContent),
  output: z.object({ message_ts: z.string() }),
  run: ({ input, http }) =>
    http.post(path`/chat.postEphemeral`, { json: composeMessage(input), response: z.object({ message_ts: z.string() }) }),
});
