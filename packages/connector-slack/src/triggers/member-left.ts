import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';
import { namedByDelivery } from '../slack-resources.ts';

/** `slack.member.left`: the event `member_left_channel`. */
export const memberLeft = defineTrigger({
  title: 'Member left',
  description: 'Someone left a channel that the app is in.',
  kind: 'custom',
  delivery: 'webhook',
  resources: namedByDelivery,
  payload: eventPayload({
    type: z.literal('member_left_channel'),
    channel: z.string(),
    user: z.string(),
  }),
});
