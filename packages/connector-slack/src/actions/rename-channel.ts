import { defineAction, PatchbayError, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, channelName, conversationSchema } from '../slack-schemas.ts';
import { unlessTold } from './unless-told.ts';

const answer = z.object({ channel: conversationSchema });

/** Renames a channel. Slack says of a name that it is taken where the channel itself has it: then the channel is looked at. */
export const renameChannel = defineAction({
  title: 'Rename channel',
  description: 'Gives a channel another name.',
  idempotency: 'idempotent',
  scopes: [
    { scope: 'channels:manage', reason: 'To rename public channels (groups:write for private ones).' },
    { scope: 'channels:read', reason: 'To see whether the channel has the name already.' },
  ],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({ channel: channelId, name: channelName }),
  output: answer,
  async run({ input, http }) {
    const renamed = await unlessTold(http.post(path`/conversations.rename`, { json: input, response: answer }), ['name_taken']);
    if (renamed !== undefined) return renamed;
    const now = await http.get(path`/conversations.info`, { query: { channel: input.channel }, response: answer });
    if (now.channel.name === input.name) return now;
    throw new PatchbayError({
      code: 'provider_conflict',
      message: 'Another channel has this name. Choose another one.',
      details: { providerCode: 'name_taken' },
      sent: 'no',
    });
  },
});
