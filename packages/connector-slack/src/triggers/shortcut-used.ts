import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { interaction } from '../formats/event-payload.ts';
import { untouched } from '../slack-resources.ts';

/** `slack.shortcut.used`: the interaction `shortcut`, which belongs to no message and no channel. */
export const shortcutUsed = defineTrigger({
  title: 'Shortcut used',
  description: 'Someone used a global shortcut of the app.',
  kind: 'custom',
  delivery: 'webhook',
  resources: untouched,
  payload: z.object({ type: z.literal('shortcut'), ...interaction, callback_id: z.string(), action_ts: z.string().optional() }),
});
