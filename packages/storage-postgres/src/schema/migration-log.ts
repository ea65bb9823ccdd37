import { PatchbayError } from '@patchbay/core';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { number, text } from '../row.ts';
import { checksumOf, type Migration } from './migration.ts';

/** A migration as the schema has it on record. */
export interface InstalledMigration {
  readonly version: number;
  readonly name: string;
  readonly compatibleFrom: number;
  readonly checksum: string;
}

/** Name of a schema without its quotes. */
export const plainName = (schema: string): string => schema.replaceAll('"', '');

/** Statements that make the schema and the table of what has been installed. A schema that is there needs no right to make one. */
export const logStatements = (schema: string): readonly string[] => [
  `do $$ begin
  if not exists (select from pg_catalog.pg_namespace where nspname = '${plainName(schema)}') then
    create schema ${schema};
  end if;
end $$`,
  `create table if not exists ${schema}.migrations (
      version integer primary key,
      name text not null,
      checksum text not null,
      compatible_from integer not null,
      installed_at timestamptz not null
  )`,
];

/** Statement that records a migration. */
export const recordStatement = (schema: string, migration: Migration): string =>
  `insert into ${schema}.migrations (version, name, checksum, compatible_from, installed_at)
   values (${migration.version}, '${migration.name}', '${checksumOf(migration)}', ${migration.compatibleFrom}, pg_catalog.now())`;

/** Asks the catalogue by a query: a look-up by name could answer from what the session remembers from before it waited for the lock. */
const findLog: Statement = {
  name: 'find_migrations',
  text: (schema) => `
select 1 as found from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relname = 'migrations' and n.nspname = '${plainName(schema)}'`,
};

const readLog: Statement = {
  name: 'read_migrations',
  text: (schema) => `select version, name, checksum, compatible_from from ${schema}.migrations order by version`,
};

/** What is installed, oldest first; empty where the schema has no such table. */
export async function installedMigrations(database: Database, client: ClientBase): Promise<readonly InstalledMigration[]> {
  if ((await database.query(findLog, [], client)).length === 0) return [];
  const rows = await database.query(readLog, [], client);
  return rows.map((row) => ({
    version: number(row, 'version'),
    name: text(row, 'name'),
    checksum: text(row, 'checksum'),
    compatibleFrom: number(row, 'compatible_from'),
  }));
}

const notReady = (message: string): PatchbayError => new PatchbayError({ code: 'not_ready', message });

/** Command that brings a schema up to date, for messages. */
export const migrateCommand = (schema: string): string => {
  const name = plainName(schema);
  return `npx patchbay-postgres migrate${name === 'patchbay' ? '' : ` --schema ${name}`}`;
};

/**
 * Refuses a schema that this package cannot work on: a migration that was installed differs from the one known here, or a newer one says
 * that packages of this age stop working. Throws `not_ready`.
 */
export function checkInstalled(installed: readonly InstalledMigration[], known: readonly Migration[]): void {
  for (const { version, name, checksum, compatibleFrom } of installed) {
    const own = known.find((migration) => migration.version === version);
    if (own !== undefined && checksumOf(own) !== checksum) {
      throw notReady(
        `Migration ${version} (${name}) was installed with other statements than this package has. Deploy the package that installed it, or restore the schema from a backup.`,
      );
    }
    if (own === undefined && compatibleFrom > known.length) {
      throw notReady(
        `The tables are of version ${version}, which needs a package that knows version ${compatibleFrom}; this one knows ${known.length}. Deploy a newer package.`,
      );
    }
  }
}

/** Migrations that are known and not installed, in order. */
export const pendingMigrations = (installed: readonly InstalledMigration[], known: readonly Migration[]): readonly Migration[] =>
  known.filter(({ version }) => !installed.some((migration) => migration.version === version));
