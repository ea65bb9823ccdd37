import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, emojiName, timestamp } from '../slack-schemas.ts';
import { unlessTold } from './unless-told.ts';

/** Takes a reaction of the account's own away. */
export const removeReaction = defineAction({
  title: 'Remove reaction',
  description: "Removes the account's own emoji reaction from a message. One that is not there counts as success.",
  idempotency: 'idempotent',
  scopes: [{ scope: 'reactions:write', reason: 'To remove reactions.' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({ channel: channelId, timestamp: timestamp.describe('The message.'), name: emojiName }),
  output: z.object({ already_removed: z.boolean() }),
  async run({ input, http }) {
    const removed = await unlessTold(http.post(path`/reactions.remove`, { json: input, response: z.object({}) }), ['no_reaction']);
    return { already_removed: removed === undefined };
  },
});
