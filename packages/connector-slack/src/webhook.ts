import {
  type ConnectorEvent,
  timestampedHmacSha256,
  type WebhookAnswer,
  type WebhookDeclaration,
  type WebhookDelivery,
} from '@patchbay/core';
import { z } from 'zod';

type SlackTrigger = 'message.posted' | 'app.mentioned' | 'reaction.added';

/** Kinds of message that are new messages. The others (message_changed, channel_join and so on) tell of something else. */
const newMessages: ReadonlySet<string | undefined> = new Set([undefined, 'bot_message', 'file_share', 'me_message', 'thread_broadcast']);

const text = z.string().optional().catch(undefined);

/** What is read here of a delivery. Nothing of it is required: whether a payload is sound is its trigger's schema to say. */
const outline = z.object({
  type: text,
  challenge: text,
  team_id: text,
  enterprise_id: text,
  api_app_id: text,
  event_time: z.number().optional().catch(undefined),
  authorizations: z
    .array(
      z
        .object({
          team_id: text,
          enterprise_id: text,
          user_id: text,
          is_bot: z.unknown().optional(),
          is_enterprise_install: z.unknown().optional(),
        })
        .catch({}),
    )
    .catch([])
    .default([]),
  event: z
    .object({
      type: text,
      subtype: text,
      user: text,
      app_id: text,
      bot_profile: z.object({ app_id: text }).optional().catch(undefined),
      channel: text,
      ts: text,
      item: z.object({ channel: text, ts: text }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

type Outline = z.output<typeof outline>;

const accepted: WebhookAnswer = { status: 200, contentType: 'text/plain', body: '' };

// Slack sends again three times: at once, after a minute and after five more. The rest of the hour is for a busy Slack.
const hour = 3_600_000;

/** Slack's Events API: one URL per app, signed with the app's signing secret, answered with 200 within three seconds. */
export const slackWebhook: WebhookDeclaration<SlackTrigger> = {
  scheme: timestampedHmacSha256({ header: 'x-slack-signature', timestampHeader: 'x-slack-request-timestamp', version: 'v0' }),
  deliveryId: { bodyField: 'event_id' },
  redeliveryHorizonMs: hour,
  accepted,
  handshake({ body }) {
    const known = outline.safeParse(body).data;
    if (known?.type === 'url_verification' && known.challenge !== undefined) return { ...accepted, body: known.challenge };
    // Word that deliveries were dropped (more than 30,000 an hour). It has no event_id, and nothing can be done with it here.
    return known?.type === 'app_rate_limited' ? accepted : undefined;
  },
  accountOf: ({ body }) => accountOf(outline.safeParse(body).data),
  toEvents({ body }: WebhookDelivery) {
    const known = outline.safeParse(body).data;
    const trigger = triggerOf(known);
    if (known === undefined || trigger === undefined || isOwn(known)) return [];
    const { channel, ts } = known.event?.item ?? known.event ?? {};
    const event: ConnectorEvent<SlackTrigger> = {
      trigger,
      data: body,
      ...(channel === undefined || ts === undefined ? {} : { subject: `${channel}/${ts}` }),
      ...(known.event_time === undefined ? {} : { time: known.event_time * 1000 }),
    };
    return [event];
  },
};

/** The installation a delivery is for: the organisation where the app is installed for all of it, else the workspace. */
function accountOf(known: Outline | undefined): string | undefined {
  // In a channel shared with another company the outer team_id can be the other one's; the authorization is always ours.
  const first = known?.authorizations[0];
  if (first?.is_enterprise_install === true) return first.enterprise_id;
  return first?.team_id ?? known?.team_id ?? known?.enterprise_id;
}

function triggerOf(known: Outline | undefined): SlackTrigger | undefined {
  if (known?.type !== 'event_callback') return undefined;
  switch (known.event?.type) {
    case 'message':
      return newMessages.has(known.event.subtype) ? 'message.posted' : undefined;
    case 'app_mention':
      return 'app.mentioned';
    case 'reaction_added':
      return 'reaction.added';
    default:
      return undefined;
  }
}

/** Did the app do this itself? An automation that answers messages with messages would otherwise never end. */
function isOwn({ api_app_id: app, event, authorizations }: Outline): boolean {
  if (app !== undefined && (event?.app_id === app || event?.bot_profile?.app_id === app)) return true;
  return authorizations.some(({ is_bot: bot, user_id: user }) => bot === true && user !== undefined && user === event?.user);
}
