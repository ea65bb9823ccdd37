import { type Connector, defineConnector, type OAuth2Refresh } from '@patchbay/core';

const oauth = { clientId: 'client-1', clientSecret: 'a-secret-of-the-fault-tests' };

/** The app's registrations at the papers service. */
export const papersApps = { papers: { oauth }, 'forgiving-papers': { oauth } };

/** Milliseconds for which the service of the forgiving connector takes a refresh token again. */
const graceMs = 300_000;

/** Connectors with OAuth whose refresh tokens are good for once, of which one has a grace. Their authorization server and API are at one origin. */
export const papersConnectors = (origin: string): readonly [Connector, Connector] => [
  papersConnector(origin, 'papers', { singleUse: true }),
  papersConnector(origin, 'forgiving-papers', { singleUse: true, graceMs }),
];

const papersConnector = (origin: string, id: string, refresh: OAuth2Refresh): Connector =>
  defineConnector({
    id,
    name: 'Papers',
    description: 'Keeps papers.',
    version: '1.0.0',
    category: 'documentation',
    auth: [{ type: 'oauth2', authorizationUrl: `${origin}/authorize`, tokenUrl: `${origin}/token`, refresh }],
    origin,
    actions: {},
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
