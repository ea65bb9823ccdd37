import type { Storage } from '@patchbay/core/adapter';
import { migrate, postgresStorage } from '@patchbay/storage-postgres';
import pg, { type ClientBase } from 'pg';

/** A schema of one experiment, with a pool and a storage of the test's own process. */
export interface FaultSchema {
  readonly url: string;
  readonly schema: string;
  readonly pool: pg.Pool;
  readonly storage: Storage<ClientBase>;
  /** Runs and dispatches that have not ended, and events that wait to be routed. */
  open(): Promise<number>;
  /** Milliseconds by which the lease that ended first has been left alone; 0 where none has ended. */
  overdueMs(): Promise<number>;
  /** Drops the schema. */
  close(): Promise<void>;
}

/** Makes a schema with the tables in it. */
export async function createFaultSchema(url: string): Promise<FaultSchema> {
  const schema = `f_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
  const pool = new pg.Pool({ connectionString: url, max: 10, application_name: `${schema}_test` });
  // A server that stops may tell a client that the pool has let go already, and nobody else listens to it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  // The pool tells of it too, when the storage that listens is closed and the last clients are still on their way out.
  pool.on('error', () => undefined);
  await migrate({ pool, schema });
  const storage = postgresStorage({ pool, schema, notify: false });
  const ask = async (question: string): Promise<number> => {
    const { rows } = await pool.query<{ answer: string | null }>(`select (${question})::text as answer`);
    return Number(rows[0]?.answer ?? 0);
  };
  return {
    url,
    schema,
    pool,
    storage,
    open: () => {
      const count = (table: string): string => `(select count(*) from ${schema}.${table})`;
      return ask(`${count('runs')} + ${count('dispatches')} + ${count('event_marks')}`);
    },
    overdueMs: () =>
      ask(
        `select greatest(0, max(extract(epoch from ${schema}.clock() - lease_until)) * 1000) from ${schema}.dispatches where status = 'leased'`,
      ),
    async close() {
      await storage.close();
      await pool.query(`drop schema ${schema} cascade`);
      await pool.end();
    },
  };
}
