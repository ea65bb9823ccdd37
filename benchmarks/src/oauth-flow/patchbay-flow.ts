import { randomBytes } from 'node:crypto';
import { createHub, defineConnector, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { app, callbackPath, type FlowContestant } from './flow-contestant.ts';

const host = 'https://host.example.com';

/** Accounts that each tenant connects. */
const accounts = 20;

/** The hub, with all that it does: flows by name and sealed, state and user checked, tokens sealed, connection, audit and notices. */
export function patchbayFlow(origin: string): FlowContestant {
  const archive = defineConnector({
    id: 'archive',
    name: 'Archive',
    description: 'Keeps papers.',
    version: '1.0.0',
    category: 'documentation',
    auth: [{ type: 'oauth2', authorizationUrl: `${origin}/authorize`, tokenUrl: `${origin}/token`, scopes: ['papers'] }],
    origin,
    actions: {},
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
  const hub = createHub({
    connectors: [archive],
    storage: memoryStorage(),
    keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
    publicUrl: `${host}/hub`,
    loopbackOnly: true,
    apps: { archive: { oauth: app } },
  });
  const tenantOf = (flow: number) => hub.tenant(`tenant-${Math.floor(flow / accounts)}`);
  return {
    async begin(flow) {
      const given = { connector: 'archive', name: `account-${flow}`, hostUser: 'user-1', returnTo: '/settings' };
      return new URL((await tenantOf(flow).oauth.beginConnect(given)).url);
    },
    async finish(flow, callback) {
      const response = await hub.handler(new Request(`${host}${callbackPath}?${callback}`));
      const flowId = new URL(response.headers.get('location') ?? '').searchParams.get('flow') ?? '';
      const { connection } = await tenantOf(flow).oauth.completeConnect({ flowId, hostUser: 'user-1' });
      if (connection.status !== 'active') throw new Error(`The account is ${connection.status}.`);
    },
  };
}
