import type { Storage } from '@patchbay/core/adapter';
import { installSchema, postgresStorage } from '@patchbay/storage-postgres';
import type { StorageFactory, StorageSubject } from '@patchbay/testing';
import pg, { type ClientBase } from 'pg';
import { inject } from 'vitest';

/** A schema of its own in the server of this test run, and pools that lead to it. */
export interface TestSchema {
  readonly schema: string;
  readonly pool: pg.Pool;
  /** A further pool, as another process has it. */
  anotherPool(): pg.Pool;
  /** Moves the schema's clock on. */
  advance(ms: number): Promise<void>;
  /** Empties the tables and sets the clock right. */
  clear(): Promise<void>;
  /** Drops the schema and ends the pools. */
  close(): Promise<void>;
}

const clockStatement = (schema: string, aheadMs: number): string =>
  `create or replace function ${schema}.clock() returns timestamptz language sql volatile
     as $$ select date_trunc('milliseconds', clock_timestamp()) + interval '${aheadMs} milliseconds' $$`;

async function emptyTables(pool: pg.Pool, schema: string): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = $1 and tablename <> 'installed' order by 1",
    [schema],
  );
  await pool.query(rows.map(({ name }) => `delete from ${schema}.${name}`).join(';'));
}

/** Makes an empty schema with the tables in it. */
export async function createTestSchema(): Promise<TestSchema> {
  const schema = `t_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
  const pools: pg.Pool[] = [];
  const anotherPool = (): pg.Pool => {
    const made = new pg.Pool({ connectionString: inject('databaseUrl'), max: 10 });
    // A server that stops ends idle connections; that must not end the test run.
    made.on('error', () => {});
    pools.push(made);
    return made;
  };
  const pool = anotherPool();
  await installSchema(pool, { schema });
  let aheadMs = 0;
  return {
    schema,
    pool,
    anotherPool,
    async advance(ms) {
      aheadMs += ms;
      await pool.query(clockStatement(schema, aheadMs));
    },
    async clear() {
      aheadMs = 0;
      await pool.query(clockStatement(schema, aheadMs));
      await emptyTables(pool, schema);
    },
    async close() {
      await pool.query(`drop schema ${schema} cascade`);
      await Promise.all(pools.map((each) => each.end()));
    },
  };
}

function subjectOf(test: TestSchema): StorageSubject<ClientBase> {
  const opened: { readonly storage: Storage<ClientBase>; readonly pool: pg.Pool | null }[] = [];
  const open = (pool: pg.Pool | null): Storage<ClientBase> => {
    const storage = postgresStorage({ pool: pool ?? test.pool, schema: test.schema });
    opened.push({ storage, pool });
    return storage;
  };
  return {
    storage: open(null),
    advance: (ms) => test.advance(ms),
    second: async () => open(test.anotherPool()),
    async begin() {
      const client = await test.pool.connect();
      await client.query('begin');
      const end = async (word: 'commit' | 'rollback'): Promise<void> => {
        await client.query(word);
        client.release();
      };
      return { transaction: client, commit: () => end('commit'), rollback: () => end('rollback') };
    },
    async close() {
      for (const { storage } of opened) await storage.close();
    },
  };
}

/** A factory for the conformance suites: one schema, emptied before each test, as making one takes longer than most tests. */
export function schemaFactory(): { readonly factory: StorageFactory<ClientBase>; close(): Promise<void> } {
  let made: Promise<TestSchema> | undefined;
  return {
    factory: {
      async create() {
        made ??= createTestSchema();
        const test = await made;
        await test.clear();
        return subjectOf(test);
      },
    },
    async close() {
      await (await made)?.close();
    },
  };
}
