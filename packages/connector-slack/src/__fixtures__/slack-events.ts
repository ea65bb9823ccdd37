import type { JsonObject } from '@patchbay/core';

// Shapes of docs.slack.dev/apis/events-api and of the events' own pages there.
const envelope = {
  token: 'XXYYZZ',
  team_id: 'T123ABC456',
  context_team_id: 'T123ABC456',
  context_enterprise_id: null,
  api_app_id: 'A123ABC456',
  type: 'event_callback',
  event_id: 'Ev123ABC456',
  event_time: 1355517523,
  authorizations: [{ enterprise_id: null, team_id: 'T123ABC456', user_id: 'U0APPBOT01', is_bot: true, is_enterprise_install: false }],
  is_ext_shared_channel: false,
  event_context: '4-eyJldCI6Im1lc3NhZ2UifQ',
};

/** https://docs.slack.dev/reference/events/message.channels */
export const messageEvent = {
  ...envelope,
  event: {
    type: 'message',
    channel: 'C123ABC456',
    channel_type: 'channel',
    user: 'U123ABC456',
    text: 'Hello world',
    ts: '1355517523.000005',
    event_ts: '1355517523.000005',
    team: 'T123ABC456',
    client_msg_id: '1a2b3c4d-0000-4000-8000-000000000000',
    blocks: [
      {
        type: 'rich_text',
        block_id: 'Vrzsu',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'Hello world' }] }],
      },
    ],
  },
} satisfies JsonObject;

/** https://docs.slack.dev/reference/events/app_mention */
export const mentionEvent = {
  ...envelope,
  event: {
    type: 'app_mention',
    user: 'U061F7AUR',
    text: '<@U0LAN0Z89> is it everything a river should be?',
    ts: '1515449522.000016',
    channel: 'C123ABC456',
    event_ts: '1515449522000016',
  },
} satisfies JsonObject;

/** https://docs.slack.dev/reference/events/reaction_added */
export const reactionEvent = {
  ...envelope,
  event: {
    type: 'reaction_added',
    user: 'U123ABC456',
    reaction: 'thumbsup',
    item_user: 'U222222222',
    item: { type: 'message', channel: 'C123ABC456', ts: '1360782400.498405' },
    event_ts: '1360782804.083113',
  },
} satisfies JsonObject;

/** https://docs.slack.dev/reference/events/message/message_changed */
export const changedEvent = {
  ...envelope,
  event: {
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    channel: 'C123ABC456',
    ts: '1358878755.000001',
    message: { type: 'message', user: 'U123ABC456', text: 'Hello, world!', ts: '1355517523.000005' },
  },
} satisfies JsonObject;

/** https://docs.slack.dev/reference/events/url_verification */
export const urlVerification = {
  token: 'Jhj5dZrVaK7ZwHHjRyZWjbDl',
  challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
  type: 'url_verification',
} satisfies JsonObject;

/** https://docs.slack.dev/reference/events/app_rate_limited */
export const rateLimited = {
  token: 'Jhj5dZrVaK7ZwHHjRyZWjbDl',
  type: 'app_rate_limited',
  team_id: 'T123ABC456',
  minute_rate_limited: 1518467820,
  api_app_id: 'A123ABC456',
} satisfies JsonObject;
