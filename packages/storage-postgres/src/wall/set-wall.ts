import { PatchbayError } from '@patchbay/core';
import type { Pool } from 'pg';
import { openDatabase } from '../database/database.ts';
import { nobody } from '../database/scope.ts';
import { text } from '../row.ts';
import { checkSchemaName } from '../schema/check-schema-name.ts';
import { checkTables } from '../schema/check-tables.ts';
import { longestWaitMs } from '../schema/migration-error.ts';
import { plainName } from '../schema/migration-log.ts';
import { storageError } from '../storage-error.ts';
import { guardedTables } from './guarded-tables.ts';

/** What row-level security is enabled on. */
export interface RowLevelSecurityOptions {
  /** A pool whose role owns the tables. */
  readonly pool: Pool;
  /** Schema of the tables. @default 'patchbay' */
  readonly schema?: string;
}

const relations = {
  name: 'guarded_relations',
  text: (schema: string) => `
select c.relname as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_inherits i on i.inhrelid = c.oid left join pg_catalog.pg_class p on p.oid = i.inhparent
where n.nspname = '${plainName(schema)}' and c.relkind in ('r', 'p')
  and coalesce(p.relname, c.relname) = any ($1::text[]) and ($2::boolean or p.oid is null)
order by p.oid is not null, 1`,
};

/** Why a table was not altered. */
function refusal(thrown: unknown, table: string): PatchbayError {
  const fault = storageError(thrown);
  const state = fault.details['sqlstate'];
  if (state === '42501') {
    const message = `The role does not own the table ${table}, so that it may not change its row-level security. Repeat this as the role that owns the tables.`;
    return new PatchbayError({ code: 'not_ready', message, details: fault.details });
  }
  if (state === '55P03') {
    const message = `An open transaction held the table ${table} for ${longestWaitMs} ms, so that its row-level security is as it was; tables before it are changed. Repeat this when it has ended.`;
    return new PatchbayError({ code: 'storage_unavailable', message, retryable: true, details: fault.details });
  }
  return fault;
}

/** Each table in a transaction of its own, parents first: one that holds two could wait in a circle, and what is attached later follows its parent. */
async function set({ pool, schema: name = 'patchbay' }: RowLevelSecurityOptions, enabled: boolean): Promise<void> {
  const database = openDatabase({ pool, schema: checkSchemaName(name), prepare: false }).within(nobody);
  const { schema } = database;
  await checkTables(database);
  const guarded = Object.keys(guardedTables);
  const alter = (table: string): Promise<void> =>
    database
      .transaction(async (client) => {
        await client.query(`set local lock_timeout = ${longestWaitMs}`);
        await client.query(`alter table ${schema}."${table}" ${enabled ? 'enable' : 'disable'} row level security`);
      })
      .catch((error: unknown) => {
        throw refusal(error, table);
      });
  for (const leaves of [false, true]) {
    for (const row of await database.query(relations, [guarded, leaves])) await alter(text(row, 'name'));
  }
}

/**
 * Puts up the wall: enables row-level security on every table whose rows belong to tenants. It binds all roles but the owner, superusers and
 * those with BYPASSRLS, at once. Callable again; a call that was killed is taken up by the next one. Throws `not_ready` where the role does
 * not own the tables or a migration is missing, and `storage_unavailable` where a table is held for longer than five seconds.
 */
export const enableRowLevelSecurity = (options: RowLevelSecurityOptions): Promise<void> => set(options, true);

/** Takes the wall down again. Throws as {@link enableRowLevelSecurity} does. */
export const disableRowLevelSecurity = (options: RowLevelSecurityOptions): Promise<void> => set(options, false);
