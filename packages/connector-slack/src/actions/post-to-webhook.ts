import { defineAction, PatchbayError } from '@patchbay/core';
import { secretUrl } from '@patchbay/core/connector-kit';
import { z } from 'zod';
import { untouched } from '../slack-resources.ts';
import { contentInput, hasContent, noContent, unfurlInput } from '../slack-schemas.ts';
import { composeMessage } from './compose-message.ts';

/** Posts to the channel that an incoming webhook is for. Slack answers with a word and names no message, so nobody can look for it. */
export const postToWebhook = defineAction({
  title: 'Post to webhook',
  description: 'Posts a message to the one channel that the incoming webhook is for.',
  idempotency: 'unsafe',
  resources: untouched,
  input: z.strictObject({ ...contentInput, ...unfurlInput }).refine(hasContent, noContent),
  output: z.object({ posted: z.literal(true) }),
  async run({ input, http }) {
    const { body } = await http.bytes(secretUrl(), { method: 'POST', json: composeMessage(input) });
    if (Buffer.from(body).toString('utf8').trim() === 'ok') return { posted: true as const };
    throw new PatchbayError({
      code: 'response_invalid',
      message: 'Slack took the message and answered otherwise than it does. Look in the channel whether it is there.',
    });
  },
});
