import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId } from '../slack-schemas.ts';

/** Sets the topic of a channel. */
export const setTopic = defineAction({
  title: 'Set topic',
  description: 'Sets the topic of a channel.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'channels:manage', reason: 'To set the topic of public channels (groups:write for private ones).' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({
    channel: channelId,
    topic: z.string().max(250).describe('Plain text of at most 250 characters; an empty one takes it away.'),
  }),
  output: z.object({ topic: z.string() }),
  async run({ input, http }) {
    await http.post(path`/conversations.setTopic`, { json: input, response: z.object({}) });
    return { topic: input.topic };
  },
});
