import type { JsonObject } from '@patchbay/core';

// Shapes of docs.slack.dev/reference/interaction-payloads and docs.slack.dev/interactivity/implementing-slash-commands.
const responseUrl = 'https://hooks.slack.com/actions/T123ABC456/397700885554/96rGlfmibIGlgcZRskXaIFfN';

/** What must not be left anywhere. */
export const secretsOfInteractions = [responseUrl, '96rGlfmibIGlgcZRskXaIFfN', 'Jhj5dZrVaK7ZwHHjRyZWjbDl'];

const common = {
  token: 'Jhj5dZrVaK7ZwHHjRyZWjbDl',
  api_app_id: 'A123ABC456',
  trigger_id: '12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3',
  team: { id: 'T123ABC456', domain: 'acme' },
  enterprise: null,
  is_enterprise_install: false,
  user: { id: 'U123ABC456', username: 'ada', name: 'ada', team_id: 'T123ABC456' },
};

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const blockActions = {
  ...common,
  type: 'block_actions',
  response_url: responseUrl,
  channel: { id: 'C123ABC456', name: 'general' },
  message: { type: 'message', ts: '1548261231.000200', text: 'Deploy?', bot_id: 'B1' },
  actions: [{ type: 'button', action_id: 'approve', block_id: 'b1', value: 'deploy-7', action_ts: '1548426417.840180' }],
} satisfies JsonObject;

/** https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload */
export const shortcut = { ...common, type: 'shortcut', callback_id: 'new_ticket', action_ts: '1581106241.371594' } satisfies JsonObject;

/** The same page: message shortcuts. */
export const messageAction = {
  ...common,
  type: 'message_action',
  callback_id: 'file_ticket',
  response_url: responseUrl,
  channel: { id: 'C123ABC456', name: 'general' },
  message: { type: 'message', user: 'U222222222', ts: '1548261231.000200', text: 'It is broken' },
  action_ts: '1581106241.371594',
} satisfies JsonObject;

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export const viewSubmission = {
  ...common,
  type: 'view_submission',
  view: {
    id: 'VNHU13V36',
    type: 'modal',
    callback_id: 'ticket',
    private_metadata: 'shhh-its-secret',
    state: { values: { title: { input: { type: 'plain_text_input', value: 'Broken' } } } },
  },
  response_urls: [{ block_id: 'title', action_id: 'input', channel_id: 'C123ABC456', response_url: responseUrl }],
} satisfies JsonObject;

/** The same page: a modal that was closed. */
export const viewClosed = { type: 'view_closed', team: common.team, user: common.user, view: { id: 'VNHU13V36' } } satisfies JsonObject;

/** https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling */
export const command = {
  token: 'Jhj5dZrVaK7ZwHHjRyZWjbDl',
  team_id: 'T123ABC456',
  team_domain: 'acme',
  channel_id: 'C123ABC456',
  channel_name: 'general',
  user_id: 'U123ABC456',
  user_name: 'ada',
  command: '/deploy',
  text: 'web now',
  api_app_id: 'A123ABC456',
  is_enterprise_install: 'false',
  response_url: responseUrl,
  trigger_id: '13345224609.738474920.8088930838d88f008e0',
};

/** A look at the certificate of the URL of a command. */
export const sslCheck = { ssl_check: '1', token: 'Jhj5dZrVaK7ZwHHjRyZWjbDl' };
