import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';

/** `slack.channel.created`: the event `channel_created`. */
export const channelCreated = defineTrigger({
  title: 'Channel created',
  description: 'A public channel was created.',
  kind: 'created',
  delivery: 'webhook',
  resources: { channel: [{ fields: ['event.channel.id'] }] },
  payload: eventPayload({
    type: z.literal('channel_created'),
    channel: z.object({ id: z.string(), name: z.string(), creator: z.string().optional(), created: z.number().optional() }),
  }),
});
