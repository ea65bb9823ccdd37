import { z } from 'zod';
import { messageAttachments, messageBlocks } from './formats/block-kit.ts';

/** A message's timestamp, which is also its id within the channel. */
export const timestamp = z.string().regex(/^\d{1,12}\.\d{6}$/);

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

/** A person's id. */
export const userId = z
  .string()
  .regex(/^[UW][A-Z0-9]{2,}$/)
  .describe('Id of the person, such as U0123456789.');

/** The workspace that is meant, where the app is installed for a whole organisation. */
export const teamId = z
  .string()
  .regex(/^T[A-Z0-9]{2,}$/)
  .optional()
  .describe('Id of the workspace; Slack asks for it where the app is installed for a whole organisation.');

/** Name of a channel that is made or renamed, as Slack wants them. */
export const channelName = z
  .string()
  .regex(/^[^\s.,#A-Z]{1,80}$/u)
  .describe('Name without #: at most 80 letters in lower case, digits, hyphens and underscores.');

/** An emoji by its name. */
export const emojiName = z
  .string()
  .regex(/^[^\s:]{1,100}(::skin-tone-[2-6])?$/u)
  .describe('Name of the emoji without colons, such as eyes.');

/** How many items a listing gives at most. */
export const mostItems = z.number().int().min(1).max(1_000).default(200).describe('Most items that are given.');

/** Input fields of everything that has the content of a message. */
export const contentInput = {
  text: z
    .string()
    .min(1)
    .max(40_000)
    .optional()
    .describe('Text in mrkdwn; Slack advises at most 4,000 characters. With blocks it is what notifications show.'),
  blocks: messageBlocks.optional(),
  attachments: messageAttachments.optional(),
  allow_broadcasts: z
    .boolean()
    .default(false)
    .describe('Lets <!channel>, <!here>, <!everyone> and user groups notify people. Otherwise they are shown as text.'),
};

/** Shared by what is posted for everybody. */
export const unfurlInput = {
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
};

/** True where there is something to show. */
export const hasContent = ({ text, blocks, attachments }: { text?: unknown; blocks?: unknown; attachments?: unknown }): boolean =>
  text !== undefined || blocks !== undefined || attachments !== undefined;

/** What is said where there is nothing. */
export const noContent = { error: 'a message needs text, blocks or attachments' };

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

/** A conversation, as far as it is given on. */
export const conversationSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  is_private: z.boolean().optional(),
  is_archived: z.boolean().optional(),
  is_member: z.boolean().optional(),
  is_im: z.boolean().optional(),
  is_mpim: z.boolean().optional(),
  user: z.string().optional().describe('The other person of a direct message.'),
  creator: z.string().optional(),
  created: z.number().optional().describe('Seconds since 1970.'),
  num_members: z.number().optional(),
  topic: z.object({ value: z.string() }).optional(),
  purpose: z.object({ value: z.string() }).optional(),
});

/** A person or a bot, as far as it is given on. */
export const userSchema = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_admin: z.boolean().optional(),
  tz: z.string().optional(),
  profile: z
    .object({
      display_name: z.string().optional(),
      real_name: z.string().optional(),
      email: z.string().optional().describe('Only with the scope users:read.email.'),
      title: z.string().optional(),
      status_text: z.string().optional(),
      status_emoji: z.string().optional(),
    })
    .optional(),
});

/** A message of a history, as far as it is given on. */
export const messageSchema = z.object({
  ts: z.string(),
  type: z.string().optional(),
  subtype: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().optional(),
  thread_ts: z.string().optional(),
  reply_count: z.number().optional(),
  edited: z.object({ ts: z.string() }).optional(),
});

/** The end of a page, where Slack goes on by a cursor: an empty one or none marks the last. */
export const cursorFields = { response_metadata: z.object({ next_cursor: z.string().optional() }).optional() };

/** A page of messages with what our own are known by, as far as it is used. */
export const markedMessagesSchema = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      user: z.string().optional(),
      bot_id: z.string().optional(),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()).catch({}) })
        .optional()
        .catch(undefined),
    }),
  ),
  ...cursorFields,
});

/** A page of channels by name, as far as it is used. */
export const channelNamesSchema = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string().optional() })),
  ...cursorFields,
});
