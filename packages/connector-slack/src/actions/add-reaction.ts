import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, emojiName, timestamp } from '../slack-schemas.ts';
import { unlessTold } from './unless-told.ts';

/** Reacts to a message. Slack keeps one reaction of a name per account and answers `already_reacted` to a repeat, which is success. */
export const addReaction = defineAction({
  title: 'Add reaction',
  description: 'Adds an emoji reaction to a message. One that is there already counts as success.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'reactions:write', reason: 'To add reactions.' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({
    channel: channelId,
    timestamp: timestamp.describe('The message: event.data.event.ts, or the ts that sending it gave.'),
    name: emojiName,
  }),
  output: z.object({ already_reacted: z.boolean() }),
  async run({ input, http }) {
    const added = await unlessTold(http.post(path`/reactions.add`, { json: input, response: z.object({}) }), ['already_reacted']);
    return { already_reacted: added === undefined };
  },
});
