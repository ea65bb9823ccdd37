import { z } from 'zod';

/** A message's timestamp, which is also its id within the channel. */
export const timestamp = z.string().regex(/^\d{1,12}\.\d{6}$/);

/** Input fields of everything that posts a text. */
export const textInput = {
  text: z.string().min(1).max(40_000).describe('Text in mrkdwn. Slack advises at most 4,000 characters.'),
  format: z.enum(['mrkdwn', 'plain']).default('mrkdwn').describe('plain shows the text as it is: no markup, links or mentions.'),
  allow_broadcasts: z
    .boolean()
    .default(false)
    .describe('Lets <!channel>, <!here>, <!everyone> and user groups in the text notify people. Otherwise they are shown as text.'),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
};

/** Where a message is to go. */
export const channel = z
  .string()
  .regex(/^(#?[^\s#@,]{1,80}|[CGDU][A-Z0-9]{2,})$/u)
  .describe('Id (C0123456789) or name (#general) of a channel, or the id of a user for a direct message.');

/** A conversation's id, where Slack takes no name. */
export const channelId = z
  .string()
  .regex(/^[CGD][A-Z0-9]{2,}$/)
  .describe('Id of the channel, such as C0123456789.');

/** What posting gives back. */
export const postedSchema = z.object({ channel: z.string(), ts: z.string() });

/** Whom a token belongs to. */
export const identitySchema = z.object({
  team: z.string(),
  team_id: z.string(),
  user: z.string(),
  user_id: z.string(),
  bot_id: z.string().optional(),
  enterprise_id: z.string().nullish(),
  is_enterprise_install: z.boolean().optional(),
});

const nextCursor = z.object({ next_cursor: z.string().optional() }).optional();

/** A page of messages, as far as it is used. */
export const messagesSchema = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      user: z.string().optional(),
      bot_id: z.string().optional(),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.object({ key: z.unknown() }).catch({ key: undefined }) })
        .optional()
        .catch(undefined),
    }),
  ),
  response_metadata: nextCursor,
});

/** A page of channels, as far as it is used. */
export const channelsSchema = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string() })),
  response_metadata: nextCursor,
});

/** The query that follows a page; Slack marks the last one with an empty cursor or none. */
export function followCursor<Query extends Readonly<Record<string, string | number | boolean>>>(query: Query) {
  return (page: { response_metadata?: z.output<typeof nextCursor> }) => {
    const cursor = page.response_metadata?.next_cursor;
    return cursor ? { ...query, cursor } : undefined;
  };
}

/** The outer envelope of an event, as far as every trigger has it. Loose: all other fields stay. */
export const envelope = {
  type: z.literal('event_callback'),
  team_id: z.string().optional(),
  api_app_id: z.string(),
  event_id: z.string(),
  event_time: z.number(),
};
