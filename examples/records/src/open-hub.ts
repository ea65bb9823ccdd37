import { randomBytes } from 'node:crypto';
import { createHub, localKeys } from '@patchbay/core';
import { postgresStorage } from '@patchbay/storage-postgres';
import type { Pool } from 'pg';
import { openBooks } from './open-books.ts';

/** A hub beside the host's tables, in the same database. */
export function openHub(pool: Pool) {
  const books = openBooks({
    pool,
    tell: (tenant, change) => hub.tenant(tenant).records.changed(change),
    wake: () => hub.wake(),
  });
  const hub = createHub({
    connectors: [],
    storage: postgresStorage({ pool }),
    records: books.adapter,
    keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }), // keep yours: openssl rand -base64 32
    publicUrl: 'https://app.example.com/hub',
  });
  return { hub, books };
}
