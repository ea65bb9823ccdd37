import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';

/** `slack.command.invoked`: a slash command. Its `response_url` is a secret, and is not among the data. */
export const commandInvoked = defineTrigger({
  title: 'Command invoked',
  description: 'Someone used a slash command of the app.',
  kind: 'custom',
  delivery: 'webhook',
  class: 'content',
  resources: { channel: [{ fields: ['channel_id'] }] },
  payload: z.object({
    command: z.string().describe('With its slash: /deploy.'),
    text: z.string().optional(),
    user_id: z.string(),
    user_name: z.string().optional(),
    channel_id: z.string(),
    channel_name: z.string().optional(),
    team_id: z.string().optional(),
    trigger_id: z.string().describe('Opens a modal with open_view, once and within three seconds.'),
  }),
});
