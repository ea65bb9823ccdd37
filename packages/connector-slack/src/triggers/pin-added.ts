import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';

/** `slack.pin.added`: the event `pin_added`. */
export const pinAdded = defineTrigger({
  title: 'Pin added',
  description: 'A message was pinned to a channel.',
  kind: 'custom',
  delivery: 'webhook',
  class: 'content',
  resources: { channel: [{ fields: ['event.channel_id'] }] },
  payload: eventPayload({
    type: z.literal('pin_added'),
    user: z.string(),
    channel_id: z.string(),
    item: z.object({ type: z.string().optional() }),
  }),
});
