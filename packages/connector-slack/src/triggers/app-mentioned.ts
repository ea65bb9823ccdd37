import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../slack-resources.ts';
import { envelope } from '../slack-schemas.ts';

/** `slack.app.mentioned`: the event `app_mention`. */
export const appMentioned = defineTrigger({
  title: 'App mentioned',
  description: 'Someone mentioned the app in a channel.',
  kind: 'custom',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: z.object({
    ...envelope,
    event: z.object({
      type: z.literal('app_mention'),
      channel: z.string(),
      ts: z.string(),
      text: z.string(),
      user: z.string().optional(),
      thread_ts: z.string().optional(),
    }),
  }),
});
