import type { AuthMethod } from '@patchbay/core';

/** Where Atlassian's sign-in and its API for OAuth are. */
export interface AtlassianPlace {
  readonly oauthOrigin: string;
  readonly apiOrigin: string;
}

/** Where requests through Atlassian's own origin go: the cloud id of the site stands in the path. */
const basePath = '/ex/jira/{cloudId}/rest';

const ownUse = "For your own account or a service account: Atlassian does not allow an app to collect its users' tokens.";

/**
 * The ways in: OAuth ("3LO"), whose requests go to Atlassian's own origin with the site in the path; the e-mail address and an API token of one account,
 * sent as Basic to the site; and what an organisation makes for its own programs, which goes to Atlassian's origin again: the OAuth credential of a service
 * account, and an API token with scopes. A token with scopes is Basic too, at another place than one without: so it is handed in as the header's value.
 * https://support.atlassian.com/user-management/docs/manage-api-tokens-for-service-accounts
 */
export const jiraAuth = ({ oauthOrigin, apiOrigin }: AtlassianPlace): readonly [AuthMethod, ...AuthMethod[]] => [
  {
    type: 'oauth2',
    description: 'Sign in at Atlassian and allow the app.',
    origin: apiOrigin,
    basePath,
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
    description: `The account's e-mail address as user name and an API token without scopes from https://id.atlassian.com/manage-profile/security/api-tokens as password. ${ownUse}`,
  },
  {
    type: 'client_credentials',
    description:
      'Client id and secret of an OAuth 2.0 credential of a service account, from Atlassian Administration. The setting cloudId names the site.',
    origin: apiOrigin,
    basePath,
    tokenUrl: `${oauthOrigin}/oauth/token`,
    tokenRequest: 'json',
    clientAuthentication: 'post',
  },
  {
    type: 'headers',
    names: ['authorization'],
    description: `For an API token with scopes: the text Basic, a space, and the e-mail address, a colon and the token as base64. The setting cloudId names the site. ${ownUse}`,
    origin: apiOrigin,
    basePath,
  },
];
