import pg from 'pg';
import { inject } from 'vitest';
import { migrate } from '../../src/schema/migrate.ts';

/** A schema of its own in the server of this test run, and pools that lead to it. */
export interface TestSchema {
  readonly schema: string;
  readonly pool: pg.Pool;
  /** A further pool, as another process has it. `settings` are of its sessions, as `-c name=value`. */
  anotherPool(settings?: string): pg.Pool;
  /** Moves the schema's clock on. */
  advance(ms: number): Promise<void>;
  /** Resolves when so many sessions of the schema's pools wait for a lock, or when what they are doing has ended. */
  waiters(count: number, ended?: Promise<unknown>): Promise<void>;
  /** Resolves when so many sessions listen on the schema's channel. */
  listeners(count: number): Promise<void>;
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
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migrations' order by 1`,
    [schema],
  );
  await pool.query(rows.map(({ name }) => `delete from ${schema}.${name}`).join(';'));
}

/** Makes an empty schema with the tables in it, in the database of the test run or in that at `url`. */
export async function createTestSchema(url = inject('databaseUrl')): Promise<TestSchema> {
  const schema = `t_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
  const pools: pg.Pool[] = [];
  const anotherPool = (settings = ''): pg.Pool => {
    const made = new pg.Pool({ connectionString: url, application_name: schema, options: settings, max: 10 });
    // A server that stops ends idle connections; that must not end the test run.
    made.on('error', () => {});
    pools.push(made);
    return made;
  };
  const pool = anotherPool();
  await migrate({ pool, schema });
  let aheadMs = 0;
  return {
    schema,
    pool,
    anotherPool,
    async advance(ms) {
      aheadMs += ms;
      await pool.query(clockStatement(schema, aheadMs));
    },
    async waiters(count, ended) {
      let isOver = false;
      const over = (): void => {
        isOver = true;
      };
      ended?.then(over, over);
      const waiting = 'select from pg_stat_activity where application_name = $1 and cardinality(pg_blocking_pids(pid)) > 0';
      while ((await pool.query(waiting, [schema])).rowCount !== count && !isOver);
    },
    async listeners(count) {
      const listening = `select from pg_stat_activity where datname = current_database() and query ilike $1`;
      while ((await pool.query(listening, [`listen "patchbay_${schema}"%`])).rowCount !== count);
    },
    async clear() {
      aheadMs = 0;
      await pool.query(clockStatement(schema, aheadMs));
      await emptyTables(pool, schema);
    },
    async close() {
      await pool.query(`drop schema ${schema} cascade`);
      await Promise.all(pools.filter((each) => !each.ending).map((each) => each.end()));
    },
  };
}
