import type { AuthMethod } from '@patchbay/core';

/** Where Atlassian's sign-in and its API for OAuth are. */
export interface AtlassianPlace {
  readonly oauthOrigin: string;
  readonly apiOrigin: string;
}

/**
 * The ways in: OAuth ("3LO"), whose requests go to Atlassian's own origin with the site in the path, and the e-mail address and an API token of one
 * account, sent as Basic to the site.
 */
export const jiraAuth = ({ oauthOrigin, apiOrigin }: AtlassianPlace): readonly [AuthMethod, AuthMethod] => [
  {
    type: 'oauth2',
    description: 'Sign in at Atlassian and allow the app.',
    origin: apiOrigin,
    basePath: '/ex/jira/{cloudId}/rest',
    authorizationUrl: `${oauthOrigin}/authorize`,
    tokenUrl: `${oauthOrigin}/oauth/token`,
    tokenRequest: 'json',
    clientAuthentication: 'post',
    // Not documented for apps with a secret.
    pkce: 'none',
    // Without it there is no refresh token.
    scopes: ['offline_access'],
    parameters: { audience: 'api.atlassian.com', prompt: 'consent' },
    // A used refresh token is still taken for ten minutes, says Atlassian's staff.
    refresh: { singleUse: true, graceMs: 600_000 },
  },
  {
    type: 'basic',
    description:
      "The account's e-mail address as user name and an API token from https://id.atlassian.com/manage-profile/security/api-tokens as password. For your own account or a service account: Atlassian does not allow an app to collect its users' tokens.",
  },
];
