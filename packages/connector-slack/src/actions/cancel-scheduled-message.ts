import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId } from '../slack-schemas.ts';
import { unlessTold } from './unless-told.ts';

/** Takes a scheduled message back. Slack gives one answer for a message that was taken back and for one that was posted in the meantime. */
export const cancelScheduledMessage = defineAction({
  title: 'Cancel scheduled message',
  description: 'Takes a scheduled message back. One that is not scheduled any more counts as success; it may have been posted.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'chat:write', reason: 'To take scheduled messages back.' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({
    channel: channelId,
    scheduled_message_id: z
      .string()
      .regex(/^[A-Z0-9]{2,40}$/)
      .describe('What scheduling it gave.'),
  }),
  output: z.object({ already_gone: z.boolean() }),
  async run({ input, http }) {
    const call = http.post(path`/chat.deleteScheduledMessage`, { json: input, response: z.object({}) });
    return { already_gone: (await unlessTold(call, ['invalid_scheduled_message_id'])) === undefined };
  },
});
