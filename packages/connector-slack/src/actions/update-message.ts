import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { messageMetadata } from '../formats/block-kit.ts';
import { namedByInput } from '../slack-resources.ts';
import { channelId, contentInput, hasContent, noContent, postedSchema, timestamp } from '../slack-schemas.ts';
import { composeMessage } from './compose-message.ts';

/** Gives a message of the account's own another content. */
export const updateMessage = defineAction({
  title: 'Update message',
  description: "Replaces the content of a message of the account's own.",
  idempotency: 'idempotent',
  scopes: [{ scope: 'chat:write', reason: 'To change messages that were posted.' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z
    .strictObject({
      channel: channelId,
      ts: timestamp.describe('The message, by the ts that sending it gave.'),
      ...contentInput,
      metadata: messageMetadata.optional().describe('Replaces the metadata of the message, also what a lost answer is found by.'),
    })
    .refine(hasContent, noContent),
  output: postedSchema,
  run: ({ input, http }) => http.post(path`/chat.update`, { json: composeMessage(input), response: postedSchema }),
});
