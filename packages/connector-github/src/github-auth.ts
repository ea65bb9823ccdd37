import type { AuthMethod, OAuth2Auth, ScopeNeed } from '@patchbay/core';

/** Where GitHub's REST API and its sign-in are. */
export interface GithubPlace {
  readonly origin: string;
  /** Prefix of every path of the API; empty for none. */
  readonly basePath: string;
  readonly oauthOrigin: string;
}

/** The version of the REST API that is spoken. A request that names none gets whatever is newest. */
export const githubVersion = '2022-11-28';

/** What GitHub asks of every request: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api */
export const githubHeaders = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': githubVersion,
  'user-agent': 'patchbay',
} as const;

/** The scope that nearly everything in a repository needs, with what it is for: `to merge`. */
export const repoScope = (what: string): ScopeNeed => ({
  scope: 'repo',
  reason: `To ${what}, also in private repositories. For public ones public_repo is enough.`,
});

/** Scopes that another includes: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
export const impliedScopes = {
  repo: ['public_repo', 'repo:status', 'repo_deployment', 'repo:invite', 'security_events'],
  'admin:repo_hook': ['write:repo_hook', 'read:repo_hook'],
  'write:repo_hook': ['read:repo_hook'],
  'admin:org': ['write:org', 'read:org'],
  'write:org': ['read:org'],
  user: ['read:user', 'user:email', 'user:follow'],
  project: ['read:project'],
} as const;

/**
 * An installation of a GitHub App. GitHub takes an assertion that was made a minute ago and ends within ten:
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
const installation = ({ origin, basePath }: GithubPlace): AuthMethod => ({
  type: 'app_installation',
  description:
    'An installation of a GitHub App, by its number. Take it from GitHub when somebody has installed the app, never from what a person typed.',
  algorithm: 'RS256',
  tokenUrl: `${origin}${basePath}/app/installations/{installation}/access_tokens`,
  backdatedMs: 60_000,
  lifetimeMs: 600_000,
  headers: githubHeaders,
  answer: { token: 'token', expiresAt: 'expires_at' },
  narrowedBy: ['repositories', 'repository_ids', 'permissions'],
});

/**
 * OAuth of an OAuth app or of a GitHub App, whose user tokens end after eight hours and are renewed with refresh tokens that are good once. A
 * GitHub App has permissions in place of scopes and answers with an empty one.
 */
const oauth2 = ({ origin, basePath, oauthOrigin }: GithubPlace): OAuth2Auth & Pick<AuthMethod, 'description'> => ({
  type: 'oauth2',
  description: 'Sign in at GitHub and allow the app.',
  authorizationUrl: `${oauthOrigin}/login/oauth/authorize`,
  tokenUrl: `${oauthOrigin}/login/oauth/access_token`,
  clientAuthentication: 'post',
  // Errors come with status 200; what is granted stands between commas, what is asked for between spaces.
  answer: {
    scopeSeparator: ',',
    emptyScope: 'unknown',
    errors: {
      bad_verification_code: 'invalid_grant',
      bad_refresh_token: 'invalid_grant',
      incorrect_client_credentials: 'invalid_client',
    },
  },
  refresh: { singleUse: true },
  allowedParameters: ['login', 'allow_signup', 'prompt'],
  // The whole grant, not one token: https://docs.github.com/en/rest/apps/oauth-applications
  revocationUrl: `${origin}${basePath}/applications/{client_id}/grant`,
  revocation: {
    method: 'DELETE',
    token: 'access_token',
    tokenIn: 'json',
    tokenField: 'access_token',
    clientAuthentication: 'basic',
    headers: githubHeaders,
    // What its description names besides success; 404 could also mean an app that it does not know.
    gone: [422],
  },
});

/** The ways in: OAuth, a personal access token, sent as a bearer token, and an installation of a GitHub App. */
export const githubAuth = (place: GithubPlace): readonly [AuthMethod, AuthMethod, AuthMethod] => [
  oauth2(place),
  {
    type: 'bearer',
    description:
      'A personal access token from https://github.com/settings/tokens. Fine-grained: Issues and Pull requests read and write, Contents read and write to merge. Classic: scope repo, or public_repo for public repositories.',
  },
  installation(place),
];
