import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';
import { untouched } from '../slack-resources.ts';

/** `slack.tokens.revoked`: the event `tokens_revoked`. */
export const tokensRevoked = defineTrigger({
  title: 'Tokens revoked',
  description: 'Tokens of the app were taken back, by the ids of the people (oauth) and of the bot users (bot) whose they were.',
  kind: 'deleted',
  delivery: 'webhook',
  class: 'security',
  severity: 'warning',
  resources: untouched,
  payload: eventPayload({
    type: z.literal('tokens_revoked'),
    tokens: z.object({ oauth: z.array(z.string()).optional(), bot: z.array(z.string()).optional() }),
  }),
});
