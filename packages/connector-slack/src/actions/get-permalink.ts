import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, timestamp } from '../slack-schemas.ts';

/** The address at which people open a message. */
export const getPermalink = defineAction({
  title: 'Get permalink',
  description: 'Gives the address at which people open a message.',
  idempotency: 'read',
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({ channel: channelId, message_ts: timestamp.describe('The message.') }),
  output: z.object({ permalink: z.string() }),
  run: ({ input, http }) => http.get(path`/chat.getPermalink`, { query: input, response: z.object({ permalink: z.string() }) }),
});
