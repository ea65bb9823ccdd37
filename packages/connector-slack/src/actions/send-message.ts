import { defineAction } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channel, hasContent, noContent, postedSchema } from '../slack-schemas.ts';
import { findMessage } from './find-message.ts';
import { postInput, postMessage } from './post-message.ts';

/** Posts to a channel or to a user. After a lost answer the channel's history is searched for the message with our key. */
export const sendMessage = defineAction({
  title: 'Send message',
  description: 'Posts a message to a channel, or to a user as a direct message.',
  idempotency: 'reconcilable',
  // A message is in the history at once; the half minute is for a request that Slack still works on after our time-out.
  settlesWithin: 30_000,
  scopes: [
    { scope: 'chat:write', reason: 'To post messages.' },
    {
      scope: 'channels:history',
      reason: 'To find a message whose answer was lost instead of asking a person (groups:history in private channels).',
    },
    { scope: 'channels:read', reason: 'The same for a channel that is given by name.' },
  ],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({ channel, ...postInput }).refine(hasContent, noContent),
  output: postedSchema,
  run: ({ input, http, key }) => postMessage({ message: input, http, key }),
  reconcile: ({ input, http, key, since }) => findMessage({ channel: input.channel, http, key, since }),
});
