import { createHub, type Hub, localKeys } from '@patchbay/core';
import { postgresStorage } from '@patchbay/storage-postgres';
import type pg from 'pg';
import { thingsConnector } from '../gateway/things-connector.ts';
import type { LoadSettings } from './messages.ts';

/** The hub of one process of the host. All of them have the same connector, whose limit the service has documented, and the same keys. */
export function sustainedHub({ origin, quota, key }: Pick<LoadSettings, 'origin' | 'quota' | 'key'>, pool: pg.Pool): Hub {
  return createHub({
    connectors: [thingsConnector({ origin, limits: [{ name: 'documented', ...quota }] })],
    storage: postgresStorage({ pool }),
    keys: localKeys({ active: 'k1', keys: { k1: key } }),
    publicUrl: 'https://hub.example.com/hub',
    loopbackOnly: true,
  });
}
