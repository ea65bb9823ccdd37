import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';

/** `slack.channel.renamed`: the event `channel_rename`. */
export const channelRenamed = defineTrigger({
  title: 'Channel renamed',
  description: 'A public channel was given another name.',
  kind: 'updated',
  delivery: 'webhook',
  resources: { channel: [{ fields: ['event.channel.id'] }] },
  payload: eventPayload({
    type: z.literal('channel_rename'),
    channel: z.object({ id: z.string(), name: z.string(), created: z.number().optional() }),
  }),
});
