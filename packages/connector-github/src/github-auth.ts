import type { AuthMethod } from '@patchbay/core';

/** The ways in: a personal access token, sent as a bearer token. */
export const githubAuth: readonly [AuthMethod] = [
  {
    type: 'bearer',
    description:
      'A personal access token from https://github.com/settings/tokens. Fine-grained: Issues and Pull requests read and write, Contents read and write to merge. Classic: scope repo, or public_repo for public repositories.',
  },
];
