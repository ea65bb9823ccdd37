import type { Storage } from '@patchbay/core/adapter';
import { postgresStorage } from '@patchbay/storage-postgres';
import { sqliteStorage } from '@patchbay/storage-sqlite';
import pg from 'pg';
import type { WorkerStore } from '../support/worker-settings.ts';

/** A storage, with the pool under it where it has one. */
export interface OpenStore {
  readonly storage: Storage<unknown>;
  readonly pool: pg.Pool | undefined;
}

/** Opens what the settings name. */
export function openStore(store: WorkerStore): OpenStore {
  if (store.kind === 'sqlite') return { storage: withoutTransaction(sqliteStorage({ file: store.file })), pool: undefined };
  const { url, schema, poolSize, answerMs } = store;
  const pool = new pg.Pool({ connectionString: url, max: poolSize, application_name: schema, connectionTimeoutMillis: 5_000 });
  return { storage: withoutTransaction(postgresStorage({ pool, schema, ...(answerMs === undefined ? {} : { answerMs }) })), pool };
}

/** A hub hands no transaction of the host's to its storage, so which type one would have does not matter. */
function withoutTransaction(storage: Storage<never> | Storage<pg.ClientBase>): Storage<unknown> {
  return { ...storage, ingest: (items) => storage.ingest(items) };
}
