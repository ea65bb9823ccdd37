import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';
import { namedByDelivery } from '../slack-resources.ts';

/** `slack.channel.archived`: the event `channel_archive`. */
export const channelArchived = defineTrigger({
  title: 'Channel archived',
  description: 'A public channel was archived.',
  kind: 'status_changed',
  delivery: 'webhook',
  resources: namedByDelivery,
  payload: eventPayload({
    type: z.literal('channel_archive'),
    channel: z.string(),
    user: z.string().optional(),
  }),
});
