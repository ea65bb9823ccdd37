import type { IngestItem, Storage } from '@patchbay/core/adapter';
import type { Client, ClientBase, Pool, PoolClient } from 'pg';
import { expectTypeOf, test } from 'vitest';
import { postgresStorage } from './postgres-storage.ts';

declare const pool: Pool;
declare const client: Client;
declare const poolClient: PoolClient;
declare const item: IngestItem;

test('carries the type of the host transaction', () => {
  const storage = postgresStorage({ pool });
  expectTypeOf(storage).toEqualTypeOf<Storage<ClientBase>>();
  void storage.ingest([item], { transaction: client });
  void storage.ingest([item], { transaction: poolClient });
  // @ts-expect-error A pool is no transaction: each of its statements may run on another connection.
  void storage.ingest([item], { transaction: pool });
  // @ts-expect-error The pool is the host's to make.
  postgresStorage({ connectionString: 'postgres://localhost' });
});
