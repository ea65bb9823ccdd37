import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';

/** `slack.reaction.added`: the event `reaction_added`. */
export const reactionAdded = defineTrigger({
  title: 'Reaction added',
  description: 'Someone added an emoji reaction on a message. Reactions of the app itself make no event.',
  kind: 'custom',
  delivery: 'webhook',
  class: 'content',
  resources: { channel: [{ fields: ['event.item.channel'] }] },
  payload: eventPayload({
    type: z.literal('reaction_added'),
    user: z.string(),
    reaction: z.string(),
    // A reaction to a file names no channel.
    item: z.object({ type: z.string(), channel: z.string().optional(), ts: z.string().optional() }),
    event_ts: z.string(),
  }),
});
