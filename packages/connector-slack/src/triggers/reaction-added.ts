import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { envelope } from '../slack-schemas.ts';

/** `slack.reaction.added`: the event `reaction_added`. */
export const reactionAdded = defineTrigger({
  title: 'Reaction added',
  description: 'Someone added an emoji reaction to a message. Reactions of the app itself make no event.',
  kind: 'custom',
  delivery: 'webhook',
  class: 'content',
  // A reaction to a file names no channel.
  resources: { channel: [{ fields: ['event.item.channel'] }] },
  payload: z.object({
    ...envelope,
    event: z.object({
      type: z.literal('reaction_added'),
      user: z.string(),
      reaction: z.string(),
      item: z.object({ type: z.string(), channel: z.string().optional(), ts: z.string().optional() }),
      event_ts: z.string(),
    }),
  }),
});
