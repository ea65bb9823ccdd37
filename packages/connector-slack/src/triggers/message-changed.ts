import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';
import { namedByDelivery } from '../slack-resources.ts';

/** `slack.message.changed`: the event `message` with the subtype `message_changed`. */
export const messageChanged = defineTrigger({
  title: 'Message changed',
  description: 'A message was edited, or Slack added the preview of a link. Messages of the app itself make no event.',
  kind: 'updated',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: eventPayload({
    type: z.literal('message'),
    subtype: z.literal('message_changed'),
    channel: z.string(),
    ts: z.string().describe('Of the change. The message is message.ts.'),
    message: z.object({ ts: z.string(), text: z.string().optional(), user: z.string().optional(), thread_ts: z.string().optional() }),
    previous_message: z.object({ text: z.string().optional() }).optional(),
  }),
});
