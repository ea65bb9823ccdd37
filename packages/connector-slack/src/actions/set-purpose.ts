import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId } from '../slack-schemas.ts';

/** Sets the purpose of a channel. */
export const setPurpose = defineAction({
  title: 'Set purpose',
  description: 'Sets the purpose of a channel.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'channels:manage', reason: 'To set the purpose of public channels (groups:write for private ones).' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({
    channel: channelId,
    purpose: z.string().max(250).describe('Plain text of at most 250 characters; an empty one takes it away.'),
  }),
  output: z.object({ purpose: z.string() }),
  async run({ input, http }) {
    await http.post(path`/conversations.setPurpose`, { json: input, response: z.object({}) });
    return { purpose: input.purpose };
  },
});
