import { defineAction, isPatchbayError, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, timestamp } from '../slack-schemas.ts';

/** Reacts to a message. Slack keeps one reaction of a name per account and answers `already_reacted` to a repeat, which is success. */
export const addReaction = defineAction({
  title: 'Add reaction',
  description: 'Adds an emoji reaction to a message. One that is there already counts as success.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'reactions:write', reason: 'To add reactions.' }],
  resources: namedByInput,
  input: z.strictObject({
    channel: channelId,
    timestamp: timestamp.describe('The message: event.data.event.ts, or the ts that sending it gave.'),
    name: z
      .string()
      .regex(/^[^\s:]{1,100}(::skin-tone-[2-6])?$/u)
      .describe('Name of the emoji without colons, such as eyes.'),
  }),
  output: z.object({ already_reacted: z.boolean() }),
  async run({ input, http }) {
    try {
      await http.post(path`/reactions.add`, { json: input, response: z.object({}) });
      return { already_reacted: false };
    } catch (error) {
      if (isPatchbayError(error) && error.details['providerCode'] === 'already_reacted') return { already_reacted: true };
      throw error;
    }
  },
});
