import type { ClientBase, Pool } from 'pg';
import { type Database, openDatabase } from '../database/database.ts';
import { nobody } from '../database/scope.ts';
import { checkSchemaName } from './check-schema-name.ts';
import { tableStatus } from './check-tables.ts';
import type { Migration } from './migration.ts';
import { longestWaitMs, migrationError } from './migration-error.ts';
import { checkInstalled, installedMigrations, logStatements, pendingMigrations, plainName, recordStatement } from './migration-log.ts';
import { migrations } from './migrations.ts';

/** What {@link migrate} did. */
export interface MigrateResult {
  /** Migrations that this call has installed, in order; empty where another had been faster, or nothing was missing. */
  readonly applied: readonly { readonly version: number; readonly name: string }[];
  /** Newest version in the schema now. */
  readonly version: number;
}

/** Statement by which one process at a time migrates a schema. The lock belongs to the transaction, so a killed one leaves none behind. */
export const migrationLock = (schema: string): string =>
  `select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('patchbay:migrate:${plainName(schema)}', 0))`;

/** Installs the next missing migration; `undefined` where none is missing. */
async function installNext(database: Database, client: ClientBase, known: readonly Migration[]): Promise<Migration | undefined> {
  const { schema } = database;
  await client.query(migrationLock(schema));
  await client.query(`set local lock_timeout = ${longestWaitMs}`);
  const installed = await installedMigrations(database, client);
  checkInstalled(installed, known);
  const [next] = pendingMigrations(installed, known);
  if (next === undefined) return undefined;
  const log = installed.length === 0 ? logStatements(schema) : [];
  await client.query([...log, ...next.statements(schema), recordStatement(schema, next)].join(';\n'));
  return next;
}

/** Installs the missing ones of the migrations given, each in a transaction of its own. */
export async function applyMigrations(database: Database, known: readonly Migration[] = migrations): Promise<MigrateResult> {
  const { schema } = database;
  const applied: { version: number; name: string }[] = [];
  // An open transaction of a host could hold back the locks of a migration, so none is taken where all is there.
  let { installed, pending } = await tableStatus(database, known);
  while (pending.length > 0) {
    const next = await database
      .transaction((client) => installNext(database, client, known))
      .catch((error: unknown) => {
        throw migrationError(error, schema);
      });
    if (next !== undefined) applied.push({ version: next.version, name: next.name });
    ({ installed, pending } = await tableStatus(database, known));
  }
  return { applied, version: Math.max(0, ...installed.map(({ version }) => version)) };
}

/** What {@link migrate} works on. */
export interface MigrateOptions {
  /** A pool whose role may create in the database. */
  readonly pool: Pool;
  /** Schema of the tables. @default 'patchbay' */
  readonly schema?: string;
}

/**
 * Brings the schema up to date: makes it with its tables and functions, or installs the migrations that are missing. Callable again and by
 * many processes at once; a call that was killed is taken up by the next one. Throws `not_ready` where the role may not create, the
 * schema is too new for this package or a migration differs from the one installed, and `storage_unavailable` when the server cannot
 * be reached or a table is held.
 */
export async function migrate({ pool, schema = 'patchbay' }: MigrateOptions): Promise<MigrateResult> {
  return applyMigrations(openDatabase({ pool, schema: checkSchemaName(schema), prepare: false }).within(nobody));
}
