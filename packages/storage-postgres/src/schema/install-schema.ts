import { PatchbayError } from '@patchbay/core';
import type { ClientBase, Pool } from 'pg';
import { type Database, openDatabase } from '../database.ts';
import { malformed, storageError } from '../storage-error.ts';
import { configurationTableStatements } from './configuration-tables.ts';
import { controlTableStatements } from './control-tables.ts';
import { functionStatements } from './functions.ts';
import { growTables } from './grow-tables.ts';
import { ledgerTableStatements } from './ledger-tables.ts';

/** Version of the tables that this package needs. */
const tablesVersion = 1;

/** Checks the name of a schema: it stands in every statement. Throws `invalid_argument`. */
export function checkSchemaName(schema: string): string {
  if (/^[a-z_][a-z0-9_]{0,47}$/.test(schema) && !schema.startsWith('pg_')) return schema;
  throw malformed(
    'The name of the schema is not usable. Take lower-case letters, digits and underscores, at most 48, not beginning with pg_.',
  );
}

/** Compresses what is large with lz4 where the server was built with it: half the time of the default. */
const compression = (schema: string): string => `do $$ begin
  if exists (select from pg_catalog.pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)) then
    alter table ${schema}.events alter column data set compression lz4, alter column original set compression lz4;
    alter table ${schema}.dispatches alter column input set compression lz4;
    alter table ${schema}.dispatch_history alter column input set compression lz4, alter column output set compression lz4;
    alter table ${schema}.runs alter column state set compression lz4;
  end if;
end $$`;

const markInstalled = (schema: string): string =>
  `insert into ${schema}.installed (version, installed_at) values (${tablesVersion}, pg_catalog.now())`;

/** Asks the catalogue by a query: a look-up by name could answer from what the session remembers from before it waited for the lock. */
async function installedVersion(client: ClientBase, schema: string): Promise<number> {
  const { rowCount } = await client.query(
    `select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relname = 'installed' and n.nspname = $1`,
    [schema.replaceAll('"', '')],
  );
  if (rowCount === 0) return 0;
  const { rows } = await client.query<{ version: number }>(`select coalesce(max(version), 0)::int as version from ${schema}.installed`);
  return Number(rows[0]?.version ?? 0);
}

function checkVersion(found: number): boolean {
  if (found > tablesVersion) {
    const message = `The tables are of version ${found}, this package knows version ${tablesVersion}. Deploy a newer package.`;
    throw new PatchbayError({ code: 'not_ready', message });
  }
  return found === tablesVersion;
}

async function install(client: ClientBase, schema: string): Promise<void> {
  // Only one process installs. The lock belongs to the transaction, so a killed one leaves none behind.
  await client.query('select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended($1, 0))', [`patchbay:install:${schema}`]);
  if (checkVersion(await installedVersion(client, schema))) return;
  const statements = [
    `create schema if not exists ${schema}`,
    `create table if not exists ${schema}.installed (version integer primary key, installed_at timestamptz not null)`,
    ...configurationTableStatements(schema),
    ...ledgerTableStatements(schema),
    ...controlTableStatements(schema),
    ...functionStatements(schema),
    compression(schema),
    ...growTables(schema),
    markInstalled(schema),
  ];
  await client.query(statements.join(';\n'));
}

/** Installs the tables through an open database. */
export async function installTables(database: Database): Promise<void> {
  const { schema } = database;
  try {
    // A host's open transaction would hold back the locks that creating a table takes, so nothing is created where all is there.
    const done = await database.transaction(async (client) => checkVersion(await installedVersion(client, schema)));
    if (!done) await database.transaction((client) => install(client, schema));
  } catch (error) {
    throw storageError(error);
  }
}

/**
 * Makes the schema with its tables and functions, once: callable again and by many processes at once. Throws `not_ready` when the tables
 * belong to a newer version of this package, `storage_unavailable` when the server cannot be reached or the role may not create.
 */
export async function installSchema(pool: Pool, options: { readonly schema?: string } = {}): Promise<void> {
  await installTables(openDatabase({ pool, schema: checkSchemaName(options.schema ?? 'patchbay'), prepare: false }));
}
