import {
  type ConnectorEvent,
  timestampedHmacSha256,
  type WebhookAnswer,
  type WebhookDeclaration,
  type WebhookDelivery,
} from '@patchbay/core';
import { type DeliveryOutline, readOutline } from './formats/delivery-outline.ts';
import { type SlackTrigger, triggerOf } from './formats/trigger-of.ts';

const accepted: WebhookAnswer = { status: 200, contentType: 'text/plain', body: '' };

// Slack sends again three times: at once, after a minute and after five more. The rest of the hour is for a busy Slack.
const hour = 3_600_000;

/**
 * Everything that Slack sends to an app: events as JSON, interactions and slash commands as forms, all signed with the app's signing secret over the raw
 * body and answered with an empty 200 within three seconds. For a modal that was submitted the empty answer closes it.
 */
export const slackWebhook: WebhookDeclaration<SlackTrigger> = {
  scheme: timestampedHmacSha256({ header: 'x-slack-signature', timestampHeader: 'x-slack-request-timestamp', version: 'v0' }),
  contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
  formJsonField: 'payload',
  // Only events have an id of their own; each interaction and command has a trigger_id.
  deliveryId: { bodyField: ['event_id', 'trigger_id'] },
  // Whoever knows a response_url may post by it for half an hour; `token` is the verification token that some apps still trust.
  secretFields: ['token', 'response_url', 'response_urls', 'bot_access_token'],
  redeliveryHorizonMs: hour,
  accepted,
  handshake({ body }) {
    const known = readOutline(body);
    if (known?.type === 'url_verification' && known.challenge !== undefined) return { ...accepted, body: known.challenge };
    // Three that are acknowledged and have no id: word that deliveries were dropped (more than 30,000 an hour), a look at the certificate, a modal that
    // was closed.
    const isNoted = known?.type === 'app_rate_limited' || known?.type === 'view_closed' || known?.ssl_check === '1';
    return isNoted ? accepted : undefined;
  },
  accountOf: ({ body }) => accountOf(readOutline(body)),
  toEvents({ body }: WebhookDelivery) {
    const known = readOutline(body);
    const trigger = known && triggerOf(known);
    if (known === undefined || trigger === undefined || isOwn(known)) return [];
    const [subject, time] = [subjectOf(known), timeOf(known)];
    const event: ConnectorEvent<SlackTrigger> = {
      trigger,
      data: body,
      ...(subject === undefined ? {} : { subject }),
      ...(time === undefined ? {} : { time }),
    };
    return [event];
  },
};

/** The installation a delivery is for: the organisation where the app is installed for all of it, else the workspace. */
function accountOf(known: DeliveryOutline | undefined): string | undefined {
  // In a channel shared with another company the outer team_id can be the other one's; the authorization is always ours.
  const first = known?.authorizations[0];
  if (first?.is_enterprise_install === true) return first.enterprise_id;
  // A form says it in words.
  const isOrganisation = known?.is_enterprise_install === true || known?.is_enterprise_install === 'true';
  const organisation = known?.enterprise?.id ?? known?.enterprise_id;
  if (isOrganisation && organisation !== undefined) return organisation;
  return first?.team_id ?? known?.team_id ?? known?.team?.id ?? organisation;
}

/** The message that it is about, else the channel or the modal. */
function subjectOf({ event, channel, channel_id: channelId, message, view }: DeliveryOutline): string | undefined {
  const place = event?.item?.channel ?? event?.channel ?? event?.channel_id ?? channel ?? channelId;
  const ts = event?.item?.ts ?? event?.deleted_ts ?? event?.message?.ts ?? event?.message_ts ?? event?.ts ?? message?.ts;
  if (place !== undefined) return ts === undefined ? place : `${place}/${ts}`;
  return view?.id;
}

function timeOf({ event_time: time, action_ts: at, actions }: DeliveryOutline): number | undefined {
  const seconds = time ?? Number(at ?? actions[0]?.action_ts);
  return Number.isFinite(seconds) ? Math.round(seconds * 1_000) : undefined;
}

/** Did the app do this itself? An automation that answers messages with messages would otherwise never end. */
function isOwn({ api_app_id: app, event, authorizations }: DeliveryOutline): boolean {
  const ours = new Set(authorizations.filter(({ is_bot: bot }) => bot === true).map(({ user_id: user }) => user));
  // That the app was added to a channel is news to whoever waits for it.
  if (event?.type === 'member_joined_channel' || event?.type === 'member_left_channel') return false;
  return [event, event?.message, event?.previous_message].some(
    (by) => (app !== undefined && (by?.app_id === app || by?.bot_profile?.app_id === app)) || (by?.user !== undefined && ours.has(by.user)),
  );
}
