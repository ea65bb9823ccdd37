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

/** https://docs.slack.dev/reference/events/message/message_deleted */
export const deletedEvent = {
  ...envelope,
  event: {
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    channel: 'C123ABC456',
    ts: '1358878755.000001',
    deleted_ts: '1355517523.000005',
    previous_message: { type: 'message', user: 'U123ABC456', text: 'Hello world', ts: '1355517523.000005' },
  },
} satisfies JsonObject;

/** Events that are no messages, by their page at https://docs.slack.dev/reference/events. */
export const otherEvents = {
  reaction_removed: {
    user: 'U123ABC456',
    reaction: 'thumbsup',
    item_user: 'U222222222',
    item: { type: 'message', channel: 'C123ABC456', ts: '1360782400.498405' },
    event_ts: '1360782804.083113',
  },
  channel_created: { channel: { id: 'C123ABC456', name: 'fun', created: 1360782804, creator: 'U123ABC456' } },
  channel_archive: { channel: 'C123ABC456', user: 'U123ABC456' },
  channel_rename: { channel: { id: 'C123ABC456', name: 'more-fun', created: 1360782804 } },
  member_joined_channel: { user: 'U123ABC456', channel: 'C123ABC456', channel_type: 'C', team: 'T123ABC456', inviter: 'U222222222' },
  member_left_channel: { user: 'U123ABC456', channel: 'C123ABC456', channel_type: 'C', team: 'T123ABC456' },
  team_join: { user: { id: 'U333333333', name: 'grace', real_name: 'Grace', is_bot: false, profile: { email: 'grace@acme.example' } } },
  file_shared: {
    channel_id: 'C123ABC456',
    file_id: 'F2147483862',
    user_id: 'U123ABC456',
    file: { id: 'F2147483862' },
    event_ts: '1361482916.000003',
  },
  app_home_opened: { user: 'U123ABC456', channel: 'D123ABC456', event_ts: '1515449522000016', tab: 'home' },
  link_shared: {
    channel: 'C123ABC456',
    is_bot_user_member: true,
    user: 'U123ABC456',
    message_ts: '1355517523.000005',
    unfurl_id: 'C123ABC456.1355517523.000005.1b90fa1278528ce6e2f6c5c2bfa1abc9a41d57d02b29d173f40399c9ffdecf4b',
    source: 'conversations_history',
    links: [{ domain: 'acme.example', url: 'https://acme.example/12345' }],
  },
  pin_added: {
    user: 'U123ABC456',
    channel_id: 'C123ABC456',
    item: { type: 'message', channel: 'C123ABC456', message: { ts: '1360782400.498405' } },
    event_ts: '1360782804.083113',
  },
  app_uninstalled: {},
  tokens_revoked: { tokens: { oauth: ['U123ABC456'], bot: ['U0APPBOT01'] } },
} satisfies Readonly<Record<string, JsonObject>>;

/** A delivery of such an event. */
export const eventOf = (type: keyof typeof otherEvents): JsonObject => ({ ...envelope, event: { type, ...otherEvents[type] } });

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
