import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { interaction } from '../formats/event-payload.ts';

/** `slack.message_shortcut.used`: the interaction `message_action`. Its `response_url` is a secret, and is not among the data. */
export const messageShortcutUsed = defineTrigger({
  title: 'Message shortcut used',
  description: 'Someone used a shortcut of the app on a message.',
  kind: 'custom',
  delivery: 'webhook',
  class: 'content',
  resources: { channel: [{ fields: ['channel.id'] }] },
  payload: z.object({
    type: z.literal('message_action'),
    ...interaction,
    callback_id: z.string(),
    channel: z.object({ id: z.string(), name: z.string().optional() }),
    message: z.object({ ts: z.string().optional(), text: z.string().optional(), user: z.string().optional() }),
    action_ts: z.string().optional(),
  }),
});
