import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { interaction } from '../formats/event-payload.ts';

/** `slack.block.acted`: the interaction `block_actions`. Its `response_url` is a secret, and is not among the data. */
export const blockActed = defineTrigger({
  title: 'Block acted on',
  description: 'Someone clicked a button, chose from a menu or picked a date in a message, a modal or the Home tab of the app.',
  kind: 'custom',
  delivery: 'webhook',
  class: 'content',
  // In a modal and in the Home tab there is no channel.
  resources: { channel: [{ fields: ['channel.id'] }] },
  payload: z.object({
    type: z.literal('block_actions'),
    ...interaction,
    actions: z.array(
      z.object({
        type: z.string(),
        action_id: z.string(),
        block_id: z.string().optional(),
        value: z.string().nullish(),
        action_ts: z.string().optional(),
      }),
    ),
    channel: z.object({ id: z.string(), name: z.string().optional() }).nullish(),
    message: z.object({ ts: z.string().optional(), text: z.string().optional() }).nullish(),
  }),
});
