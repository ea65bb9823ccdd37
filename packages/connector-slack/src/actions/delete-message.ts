import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, timestamp } from '../slack-schemas.ts';
import { unlessTold } from './unless-told.ts';

/** Deletes a message of the account's own. */
export const deleteMessage = defineAction({
  title: 'Delete message',
  description: "Deletes a message of the account's own. One that is not there counts as success.",
  idempotency: 'idempotent',
  scopes: [{ scope: 'chat:write', reason: 'To delete messages that were posted.' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({ channel: channelId, ts: timestamp.describe('The message, by the ts that sending it gave.') }),
  output: z.object({ already_gone: z.boolean() }),
  async run({ input, http }) {
    const deleted = await unlessTold(http.post(path`/chat.delete`, { json: input, response: z.object({}) }), ['message_not_found']);
    return { already_gone: deleted === undefined };
  },
});
