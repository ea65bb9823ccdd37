import { type Connector, defineConnector } from '@patchbay/core';

/** The app's registration at the papers service. */
export const papersApp = { clientId: 'client-1', clientSecret: 'a-secret-of-the-fault-tests' };

/** A connector with OAuth whose refresh tokens are good for once. Its authorization server and its API are at one origin. */
export const papersConnector = (origin: string): Connector =>
  defineConnector({
    id: 'papers',
    name: 'Papers',
    description: 'Keeps papers.',
    version: '1.0.0',
    category: 'documentation',
    auth: [{ type: 'oauth2', authorizationUrl: `${origin}/authorize`, tokenUrl: `${origin}/token`, refresh: { singleUse: true } }],
    origin,
    actions: {},
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
