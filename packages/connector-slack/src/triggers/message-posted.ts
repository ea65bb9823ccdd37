import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';
import { namedByDelivery } from '../slack-resources.ts';

/** `slack.message.posted`: the event `message` for a message that was written, not for one that was changed or deleted. */
export const messagePosted = defineTrigger({
  title: 'Message posted',
  description:
    'A message was posted in a channel, a private channel, a direct message or a group message (channel_type says which) that the app can see. Messages of the app itself make no event.',
  kind: 'created',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: eventPayload({
    type: z.literal('message'),
    channel: z.string(),
    ts: z.string(),
    text: z.string().optional(),
    user: z.string().optional().describe('Absent where another app wrote.'),
    thread_ts: z.string().optional().describe('There where it is a reply.'),
    channel_type: z.string().optional().describe('channel, group, im or mpim.'),
  }),
});
