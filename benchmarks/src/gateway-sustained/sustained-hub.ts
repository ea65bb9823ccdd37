import { createHub, defineConnector, type Hub, localKeys } from '@patchbay/core';
import { postgresStorage } from '@patchbay/storage-postgres';
import type pg from 'pg';
import type { LoadSettings } from './messages.ts';

/** The hub of one process of the host. All of them have the same connector, whose limit the service has documented, and the same keys. */
export function sustainedHub({ origin, quota, key }: Pick<LoadSettings, 'origin' | 'quota' | 'key'>, pool: pg.Pool): Hub {
  const things = defineConnector({
    id: 'things',
    name: 'Things',
    description: 'Keeps things.',
    version: '1.0.0',
    category: 'documentation',
    auth: [{ type: 'bearer' }],
    origin,
    headers: { accept: 'application/json' },
    limits: [{ name: 'documented', ...quota }],
    actions: {},
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
  return createHub({
    connectors: [things],
    storage: postgresStorage({ pool }),
    keys: localKeys({ active: 'k1', keys: { k1: key } }),
    publicUrl: 'https://hub.example.com/hub',
    loopbackOnly: true,
  });
}
