import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { enableRowLevelSecurity } from '../../src/wall/set-wall.ts';
import { createTestSchema, type TestSchema } from './test-schema.ts';

/** A schema with row-level security, and a role of an application that owns nothing. */
export interface WalledSchema {
  /** As the owner of the tables sees it. */
  readonly owner: TestSchema;
  readonly role: string;
  /** Of the application's role. */
  readonly url: string;
  /** A pool of the application's role. */
  open(settings?: string): pg.Pool;
  /** Drops the schema and the role, and ends the pools. */
  close(): Promise<void>;
}

/** What the README has an owner grant. */
const grants = (schema: string, role: string): string => `
  grant usage on schema ${schema} to ${role};
  grant select, insert, update, delete on all tables in schema ${schema} to ${role};
  grant usage on all sequences in schema ${schema} to ${role};
  grant execute on all functions in schema ${schema} to ${role};`;

/** Makes one, in the database of the test run or in that at `home`. */
export async function createWalledSchema(home = inject('databaseUrl')): Promise<WalledSchema> {
  const owner = await createTestSchema(home);
  const role = `app_${owner.schema}`;
  const password = randomUUID();
  await owner.pool.query(`create role ${role} login password '${password}'; ${grants(owner.schema, role)}`);
  await enableRowLevelSecurity({ pool: owner.pool, schema: owner.schema });
  const url = new URL(home);
  url.username = role;
  url.password = password;
  const pools: pg.Pool[] = [];
  return {
    owner,
    role,
    url: url.href,
    open(settings = '') {
      const pool = new pg.Pool({ connectionString: url.href, options: settings, max: 10 });
      pool.on('error', () => {});
      pools.push(pool);
      return pool;
    },
    async close() {
      await Promise.all(pools.filter((each) => !each.ending).map((each) => each.end()));
      await owner.pool.query(`drop owned by ${role}; drop role ${role}`);
      await owner.close();
    },
  };
}
