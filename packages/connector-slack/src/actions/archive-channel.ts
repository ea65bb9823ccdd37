import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId } from '../slack-schemas.ts';
import { unlessTold } from './unless-told.ts';

/** Archives a channel. */
export const archiveChannel = defineAction({
  title: 'Archive channel',
  description: 'Archives a channel. One that is archived already counts as success.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'channels:manage', reason: 'To archive public channels (groups:write for private ones).' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({ channel: channelId }),
  output: z.object({ already_archived: z.boolean() }),
  async run({ input, http }) {
    const archived = await unlessTold(http.post(path`/conversations.archive`, { json: input, response: z.object({}) }), [
      'already_archived',
    ]);
    return { already_archived: archived === undefined };
  },
});
