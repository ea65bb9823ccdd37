import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, userId } from '../slack-schemas.ts';
import { unlessTold } from './unless-told.ts';

/** Removes a person from a channel. */
export const kickFromChannel = defineAction({
  title: 'Kick from channel',
  description: 'Removes a person from a channel. Who is not there counts as success.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'channels:manage', reason: 'To remove people from public channels (groups:write for private ones).' }],
  resources: namedByInput,
  options: { channel: 'channels', user: 'users' },
  input: z.strictObject({ channel: channelId, user: userId }),
  output: z.object({ already_gone: z.boolean() }),
  async run({ input, http }) {
    const kicked = await unlessTold(http.post(path`/conversations.kick`, { json: input, response: z.object({}) }), ['not_in_channel']);
    return { already_gone: kicked === undefined };
  },
});
