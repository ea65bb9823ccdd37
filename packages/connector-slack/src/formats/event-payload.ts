import { z } from 'zod';

/** The outer envelope of an event, as far as every trigger has it. Loose: all other fields stay. */
const envelope = {
  type: z.literal('event_callback'),
  team_id: z.string().optional(),
  api_app_id: z.string(),
  event_id: z.string(),
  event_time: z.number(),
};

/** The payload of a trigger of the Events API, by what is relied on of its event. */
export const eventPayload = <Shape extends z.core.$ZodLooseShape>(event: Shape) => z.object({ ...envelope, event: z.object(event) });

/** What every interaction says of who acted; https://docs.slack.dev/interactivity/handling-user-interaction */
export const interaction = {
  trigger_id: z.string().describe('Opens a modal with open_view, once and within three seconds.'),
  team: z.object({ id: z.string(), domain: z.string().optional() }).nullish(),
  user: z.object({ id: z.string(), name: z.string().optional(), username: z.string().optional() }),
  api_app_id: z.string().optional(),
};
