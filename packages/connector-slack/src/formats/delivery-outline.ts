import { z } from 'zod';

const text = z.string().optional().catch(undefined);
const named = z.object({ id: text }).nullish().catch(undefined);

/** A channel, which events give by its id or as an object. */
const channel = z
  .union([z.string(), z.object({ id: text }).transform(({ id }) => id)])
  .optional()
  .catch(undefined);

/** By what an app knows its own messages. */
const authored = z
  .object({ ts: text, user: text, app_id: text, bot_profile: z.object({ app_id: text }).optional().catch(undefined) })
  .optional()
  .catch(undefined);

const authorization = z
  .object({
    team_id: text,
    enterprise_id: text,
    user_id: text,
    is_bot: z.unknown().optional(),
    is_enterprise_install: z.unknown().optional(),
  })
  .catch({});

const event = z
  .object({
    type: text,
    subtype: text,
    user: text,
    app_id: text,
    bot_profile: z.object({ app_id: text }).optional().catch(undefined),
    channel,
    channel_id: text,
    ts: text,
    deleted_ts: text,
    message_ts: text,
    item: z.object({ channel: text, ts: text }).optional().catch(undefined),
    message: authored,
    previous_message: authored,
  })
  .optional()
  .catch(undefined);

/**
 * What is read of a delivery of any of the three kinds: an event, an interaction, a slash command. Nothing of it is required: whether a payload is sound is
 * its trigger's schema to say.
 */
const outline = z.object({
  type: text,
  challenge: text,
  team_id: text,
  enterprise_id: text,
  api_app_id: text,
  event_time: z.number().optional().catch(undefined),
  authorizations: z.array(authorization).catch([]).default([]),
  event,
  team: named,
  enterprise: named,
  is_enterprise_install: z.unknown().optional(),
  command: text,
  ssl_check: text,
  channel_id: text,
  channel,
  message: z.object({ ts: text }).optional().catch(undefined),
  view: z.object({ id: text }).optional().catch(undefined),
  action_ts: text,
  actions: z
    .array(z.object({ action_ts: text }).catch({}))
    .catch([])
    .default([]),
});

/** What is known of a delivery before its trigger is. */
export type DeliveryOutline = z.output<typeof outline>;

/** Reads it; `undefined` for what is no object. */
export const readOutline = (body: unknown): DeliveryOutline | undefined => outline.safeParse(body).data;
