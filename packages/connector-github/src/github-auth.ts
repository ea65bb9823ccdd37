import type { AuthMethod } from '@patchbay/core';

/** Where GitHub's REST API is. */
export interface GithubPlace {
  readonly origin: string;
  /** Prefix of every path; empty for none. */
  readonly basePath: string;
}

/** What GitHub asks of every request: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api */
export const githubHeaders = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
  'user-agent': 'patchbay',
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

/** The ways in: a personal access token, sent as a bearer token, and an installation of a GitHub App. */
export const githubAuth = (place: GithubPlace): readonly [AuthMethod, AuthMethod] => [
  {
    type: 'bearer',
    description:
      'A personal access token from https://github.com/settings/tokens. Fine-grained: Issues and Pull requests read and write, Contents read and write to merge. Classic: scope repo, or public_repo for public repositories.',
  },
  installation(place),
];
