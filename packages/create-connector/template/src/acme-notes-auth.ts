import type { AuthMethod } from '@patchbay/core';

/** How accounts are connected: OAuth. The host registers an app at the service, and the hub keeps its tokens good. */
export const acmeNotesAuth = (origin: string): readonly [AuthMethod, ...AuthMethod[]] => [
  {
    type: 'oauth2',
    authorizationUrl: `${origin}/oauth/authorize`,
    tokenUrl: `${origin}/oauth/token`,
    scopes: ['notes:read', 'notes:write'],
    clientAuthentication: 'post',
    // Say so where a refresh token is good for once.
    refresh: { singleUse: true },
  },
];
