import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';
import { namedByDelivery } from '../slack-resources.ts';

/** `slack.message.deleted`: the event `message` with the subtype `message_deleted`. */
export const messageDeleted = defineTrigger({
  title: 'Message deleted',
  description: 'A message was deleted. Messages of the app itself make no event.',
  kind: 'deleted',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: eventPayload({
    type: z.literal('message'),
    subtype: z.literal('message_deleted'),
    channel: z.string(),
    deleted_ts: z.string().describe('The message that is gone.'),
    previous_message: z.object({ text: z.string().optional(), user: z.string().optional() }).optional(),
  }),
});
