import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';
import { namedByDelivery } from '../slack-resources.ts';

/** `slack.home.opened`: the event `app_home_opened`. */
export const homeOpened = defineTrigger({
  title: 'Home opened',
  description: 'Someone opened the Home or Messages tab of the app.',
  kind: 'custom',
  delivery: 'webhook',
  resources: namedByDelivery,
  payload: eventPayload({
    type: z.literal('app_home_opened'),
    user: z.string(),
    channel: z.string().describe('The direct message with the app.'),
    tab: z.string().optional(),
  }),
});
