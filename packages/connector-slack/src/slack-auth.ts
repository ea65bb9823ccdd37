import type { AuthMethod, OAuth2Auth } from '@patchbay/core';

/** Whose token a connection has: that of the app (its bot), or that of a person who uses the app. */
export type ActsAs = 'app' | 'person';

/**
 * The ways in: OAuth, and a token as it is shown, sent as a bearer token. One permission of Slack's can bring two token pairs that live apart, the app's at the
 * top of the answer and the person's in `authed_user`; a connection has one of them, and its connector says which.
 */
export const slackAuth = (origin: string, actsAs: ActsAs): readonly [AuthMethod, AuthMethod] => [
  actsAs === 'app' ? appOAuth(origin) : personOAuth(origin),
  { type: 'bearer', description: actsAs === 'app' ? botToken : userToken },
];

const botToken =
  'The bot token (xoxb-...) of a Slack app, from OAuth & Permissions at https://api.slack.com/apps, with the bot scopes of the actions that are used.';
const userToken =
  'The user token (xoxp-...) of a Slack app, from OAuth & Permissions at https://api.slack.com/apps, with the user scopes of the actions that are used.';

const appOAuth = (origin: string): OAuth2Auth & AuthMethod => ({
  ...slackOAuth(origin),
  description: 'Sign in at Slack and add the app to the workspace.',
  answer: { ...slackAnswer, bearerNames: ['bot'] },
});

const personOAuth = (origin: string): OAuth2Auth & AuthMethod => ({
  ...slackOAuth(origin),
  description: 'Sign in at Slack and let the app act for you.',
  scopeParameter: 'user_scope',
  // Only the first answer has both pairs; a renewal brings the one whose refresh token was sent. `bearerNames` keeps the app's token out in any case.
  answer: { ...slackAnswer, tokensAt: ['authed_user'], renewedTokensAt: [], bearerNames: ['user'] },
});

const slackOAuth = (origin: string): OAuth2Auth => ({
  type: 'oauth2',
  authorizationUrl: `${origin}/oauth/v2/authorize`,
  tokenUrl: `${origin}/api/oauth.v2.access`,
  scopeSeparator: ',',
  // Switched on, it makes the app a public client for good: https://docs.slack.dev/authentication/using-pkce
  pkce: 'none',
  clientAuthentication: 'post',
  allowedParameters: ['team'],
  refresh: { singleUse: true },
  revocationUrl: `${origin}/api/auth.revoke`,
  revocation: { token: 'access_token', tokenIn: 'bearer', gone: ['token_revoked', 'invalid_auth', 'account_inactive'] },
});

type Meaning = 'invalid_grant' | 'invalid_client' | 'temporarily_unavailable' | 'server_error';

const slackAnswer = {
  okField: 'ok',
  errors: {
    ...each(['invalid_code', 'code_already_used', 'code_expired', 'invalid_refresh_token', 'token_revoked'], 'invalid_grant'),
    ...each(['invalid_client_id', 'bad_client_secret', 'bad_redirect_uri'], 'invalid_client'),
    ...each(['service_unavailable', 'request_timeout', 'ratelimited'], 'temporarily_unavailable'),
    // Some of it may have been done by then: https://docs.slack.dev/reference/methods/oauth.v2.access
    ...each(['internal_error', 'fatal_error'], 'server_error'),
  },
};

function each(codes: readonly string[], meaning: Meaning): Record<string, Meaning> {
  return Object.fromEntries(codes.map((code) => [code, meaning]));
}
