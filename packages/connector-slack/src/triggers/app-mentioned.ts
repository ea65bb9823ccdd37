import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';
import { namedByDelivery } from '../slack-resources.ts';

/** `slack.app.mentioned`: the event `app_mention`. */
export const appMentioned = defineTrigger({
  title: 'App mentioned',
  description: 'Someone mentioned the app in a channel.',
  kind: 'custom',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: eventPayload({
    type: z.literal('app_mention'),
    channel: z.string(),
    ts: z.string(),
    text: z.string(),
    user: z.string().optional(),
    thread_ts: z.string().optional(),
  }),
});
