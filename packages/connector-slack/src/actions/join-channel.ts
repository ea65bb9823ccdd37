import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, conversationSchema } from '../slack-schemas.ts';

const answer = z.object({ channel: conversationSchema });

/** Has the account join a public channel. Slack answers one that it is in already with a warning, which is success. */
export const joinChannel = defineAction({
  title: 'Join channel',
  description: 'Has the account join a public channel.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'channels:join', reason: 'To join public channels.' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({ channel: channelId }),
  output: answer,
  run: ({ input, http }) => http.post(path`/conversations.join`, { json: input, response: answer }),
});
