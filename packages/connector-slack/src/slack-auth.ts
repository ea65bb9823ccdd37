import type { AuthMethod } from '@patchbay/core';

/**
 * The ways in: OAuth for the bot token of a workspace, and such a token itself, sent as a bearer token. The token of the person (`authed_user`)
 * is not asked for.
 */
export const slackAuth = (origin: string): readonly [AuthMethod, AuthMethod] => [
  {
    type: 'oauth2',
    description: 'Sign in at Slack and add the app to the workspace.',
    authorizationUrl: `${origin}/oauth/v2/authorize`,
    tokenUrl: `${origin}/api/oauth.v2.access`,
    scopeSeparator: ',',
    // Switched on, it makes the app a public client for good: https://docs.slack.dev/authentication/using-pkce
    pkce: 'none',
    clientAuthentication: 'post',
    allowedParameters: ['team'],
    answer: {
      okField: 'ok',
      bearerNames: ['bot'],
      errors: {
        ...each(['invalid_code', 'code_already_used', 'code_expired', 'invalid_refresh_token', 'token_revoked'], 'invalid_grant'),
        ...each(['invalid_client_id', 'bad_client_secret', 'bad_redirect_uri'], 'invalid_client'),
        ...each(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'ratelimited'], 'temporarily_unavailable'),
      },
    },
    refresh: { singleUse: true },
    revocationUrl: `${origin}/api/auth.revoke`,
    revocation: { token: 'access_token', tokenIn: 'bearer', gone: ['token_revoked', 'invalid_auth', 'account_inactive'] },
  },
  {
    type: 'bearer',
    description:
      'The bot token (xoxb-...) of a Slack app, from OAuth & Permissions at https://api.slack.com/apps. Bot scopes: chat:write; reactions:write to react; channels:history and groups:history to find a message whose answer was lost; channels:read for channels given by name.',
  },
];

type Meaning = 'invalid_grant' | 'invalid_client' | 'temporarily_unavailable';

function each(codes: readonly string[], meaning: Meaning): Record<string, Meaning> {
  return Object.fromEntries(codes.map((code) => [code, meaning]));
}
