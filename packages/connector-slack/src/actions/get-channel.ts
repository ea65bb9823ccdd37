import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, conversationSchema } from '../slack-schemas.ts';

const answer = z.object({ channel: conversationSchema });

/** One conversation. */
export const getChannel = defineAction({
  title: 'Get channel',
  description: 'Gives what is known of a channel, with the number of its members.',
  idempotency: 'read',
  scopes: [{ scope: 'channels:read', reason: 'To look at public channels (groups:read, im:read and mpim:read for the other kinds).' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({ channel: channelId }),
  output: answer,
  run: ({ input, http }) => http.get(path`/conversations.info`, { query: { ...input, include_num_members: true }, response: answer }),
});
