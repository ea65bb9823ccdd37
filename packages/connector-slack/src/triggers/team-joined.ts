import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';
import { untouched } from '../slack-resources.ts';

/** `slack.team.joined`: the event `team_join`. */
export const teamJoined = defineTrigger({
  title: 'Team joined',
  description: 'Someone became a member of the workspace.',
  kind: 'created',
  delivery: 'webhook',
  resources: untouched,
  payload: eventPayload({
    type: z.literal('team_join'),
    user: z.object({ id: z.string(), name: z.string().optional(), real_name: z.string().optional(), is_bot: z.boolean().optional() }),
  }),
});
