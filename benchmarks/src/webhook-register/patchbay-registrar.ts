import { randomBytes } from 'node:crypto';
import { github } from '@patchbay/connector-github';
import { createHub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { migrate, postgresStorage } from '@patchbay/storage-postgres';
import type { Registrar, RegistrarSettings } from './registrar.ts';

/** Ours in `webhook-register`: a host's process that serves one tenant with one connection. */
export async function patchbayRegistrar({ pool, origin, token }: RegistrarSettings): Promise<Registrar> {
  if (pool) await migrate({ pool });
  const hub = createHub({
    connectors: [github({ origin })],
    storage: pool ? postgresStorage({ pool }) : memoryStorage(),
    keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
    publicUrl: 'https://hub.example.com/hub',
    loopbackOnly: true,
  });
  await hub.ready();
  const { connections, webhooks } = hub.tenant('acme');
  await connections.put('code', { connector: 'github', credential: { type: 'bearer', token } });
  return {
    async register(repository) {
      const { status } = await webhooks.register({ connection: 'code', trigger: 'issue.opened', target: repository });
      if (status !== 'active') throw new Error(`The registration for ${repository} is ${status}.`);
    },
    close: () => hub.stop(),
  };
}
