import { PatchbayError } from '@patchbay/core';
import type { Database } from '../database/database.ts';
import type { Migration } from './migration.ts';
import {
  checkInstalled,
  type InstalledMigration,
  installedMigrations,
  migrateCommand,
  pendingMigrations,
  plainName,
} from './migration-log.ts';
import { migrations } from './migrations.ts';

/** What is installed and what is not. */
export interface TableStatus {
  readonly installed: readonly InstalledMigration[];
  readonly pending: readonly Migration[];
}

/** Reads what is installed, and takes no lock that anybody waits for. Throws `not_ready` for a schema that this package cannot work on. */
export async function tableStatus(database: Database, known: readonly Migration[] = migrations): Promise<TableStatus> {
  return database.transaction(async (client) => {
    const installed = await installedMigrations(database, client);
    checkInstalled(installed, known);
    return { installed, pending: pendingMigrations(installed, known) };
  });
}

/** Rejects with `not_ready`, naming the command, where a migration is missing. */
export async function checkTables(database: Database, known: readonly Migration[] = migrations): Promise<void> {
  const { installed, pending } = await tableStatus(database, known);
  const [next] = pending;
  if (next === undefined) return;
  const schema = plainName(database.schema);
  const found =
    installed.length === 0
      ? `There are no tables in the schema ${schema} yet`
      : `The schema ${schema} lacks migration ${next.version} (${next.name})`;
  const message = `${found}. Run "${migrateCommand(schema)}" once before this version starts, or start the hub with start({ migrate: true }).`;
  throw new PatchbayError({ code: 'not_ready', message });
}
