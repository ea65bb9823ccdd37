import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId } from '../slack-schemas.ts';

/** Has the account leave a channel. Slack says in a good answer where it was not in it. */
export const leaveChannel = defineAction({
  title: 'Leave channel',
  description: 'Has the account leave a channel.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'channels:manage', reason: 'To leave public channels (groups:write for private ones).' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({ channel: channelId }),
  output: z.object({ already_gone: z.boolean() }),
  async run({ input, http }) {
    const answer = await http.post(path`/conversations.leave`, {
      json: input,
      response: z.object({ not_in_channel: z.boolean().optional() }),
    });
    return { already_gone: answer.not_in_channel === true };
  },
});
