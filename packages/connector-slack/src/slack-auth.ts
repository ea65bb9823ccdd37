import type { AuthMethod } from '@patchbay/core';

/** The ways in: a bot token, sent as a bearer token. */
export const slackAuth: readonly [AuthMethod] = [
  {
    type: 'bearer',
    description:
      'The bot token (xoxb-...) of a Slack app, from OAuth & Permissions at https://api.slack.com/apps. Bot scopes: chat:write; reactions:write to react; channels:history and groups:history to find a message whose answer was lost; channels:read for channels given by name.',
  },
];
