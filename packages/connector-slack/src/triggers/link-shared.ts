import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';
import { namedByDelivery } from '../slack-resources.ts';

/** `slack.link.shared`: the event `link_shared`. */
export const linkShared = defineTrigger({
  title: 'Link shared',
  description: 'A link to one of the domains of the app was posted, or is being written.',
  kind: 'custom',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: eventPayload({
    type: z.literal('link_shared'),
    channel: z.string(),
    user: z.string().optional(),
    message_ts: z.string(),
    links: z.array(z.object({ domain: z.string(), url: z.string() })),
  }),
});
