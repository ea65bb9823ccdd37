import { type ConnectorDefinition, defineConnector } from '@patchbay/core';

type Definition = ConnectorDefinition<'things', Record<never, never>, Record<never, never>>;

/** The connector of the benchmarks' service, which keeps things and knows who asks by a bearer token. */
export const thingsConnector = (given: Pick<Definition, 'origin'> & Partial<Pick<Definition, 'healthCheck' | 'limits'>>) =>
  defineConnector({
    id: 'things',
    name: 'Things',
    description: 'Keeps things.',
    version: '1.0.0',
    category: 'documentation',
    auth: [{ type: 'bearer' }],
    headers: { accept: 'application/json' },
    actions: {},
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
    ...given,
  });
