import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';
import { namedByDelivery } from '../slack-resources.ts';

/** `slack.member.joined`: the event `member_joined_channel`. */
export const memberJoined = defineTrigger({
  title: 'Member joined',
  description: 'Someone joined a channel that the app is in, or the app itself was added.',
  kind: 'custom',
  delivery: 'webhook',
  resources: namedByDelivery,
  payload: eventPayload({
    type: z.literal('member_joined_channel'),
    channel: z.string(),
    user: z.string(),
    inviter: z.string().optional(),
  }),
});
