import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, timestamp } from '../slack-schemas.ts';
import { unlessTold } from './unless-told.ts';

/** Pins a message to its channel. */
export const pinMessage = defineAction({
  title: 'Pin message',
  description: 'Pins a message to its channel. One that is pinned already counts as success.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'pins:write', reason: 'To pin messages.' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({ channel: channelId, timestamp: timestamp.describe('The message.') }),
  output: z.object({ already_pinned: z.boolean() }),
  async run({ input, http }) {
    const pinned = await unlessTold(http.post(path`/pins.add`, { json: input, response: z.object({}) }), ['already_pinned']);
    return { already_pinned: pinned === undefined };
  },
});
