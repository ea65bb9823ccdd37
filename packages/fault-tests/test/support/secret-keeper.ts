import { createHub, defineConnector, type Hub, localKeys } from '@patchbay/core';
import { sqliteStorage } from '@patchbay/storage-sqlite';
import { hubKeys, publicUrl } from './hub-settings.ts';

/** A hub over one file whose connections keep secrets, and call nobody. */
export interface SecretKeeper {
  readonly hub: Hub;
  readonly storage: ReturnType<typeof sqliteStorage>;
  close(): Promise<void>;
}

const locker = defineConnector({
  id: 'locker',
  name: 'Locker',
  description: 'Keeps things.',
  version: '1.0.0',
  category: 'custom',
  auth: [{ type: 'bearer' }],
  origin: 'https://locker.example.com',
  actions: {},
  triggers: {},
  healthCheck: async () => ({ healthy: true }),
});

/** Opens the hub of one process. */
export function keepSecrets(file: string): SecretKeeper {
  const storage = sqliteStorage({ file });
  const hub: Hub = createHub({ connectors: [locker], storage, keys: localKeys(hubKeys), publicUrl, loopbackOnly: true });
  return {
    hub,
    storage,
    async close() {
      await hub.stop();
      await storage.close();
    },
  };
}
