import { type Connector, defineConnector, path } from '@patchbay/core';
import { z } from 'zod';

const person = z.object({ sub: z.string(), name: z.string() });

/** A connector for a service with OpenID Connect: whoever signs in there is the account. */
export const papers = (origin: string): Connector<'papers'> =>
  defineConnector({
    id: 'papers',
    name: 'Papers',
    description: 'Keeps papers. Its authorization server is oidc-provider, on this machine.',
    version: '1.0.0',
    category: 'documentation',
    auth: [
      {
        type: 'oauth2',
        authorizationUrl: `${origin}/auth`,
        tokenUrl: `${origin}/token`,
        revocationUrl: `${origin}/token/revocation`,
        issuer: origin,
        requiresIssuer: true,
        scopes: ['openid', 'profile', 'offline_access'],
        parameters: { prompt: 'consent' },
        refresh: { singleUse: true },
      },
    ],
    origin,
    actions: {},
    triggers: {},
    async healthCheck({ http }) {
      const { sub, name } = await http.get(path`/me`, { response: person });
      return { healthy: true, account: { id: sub, name } };
    },
  });
