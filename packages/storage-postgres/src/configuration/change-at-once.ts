import type { Change, ConfigurationKind } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database } from '../database/database.ts';
import { number, text } from '../row.ts';
import { kindStatements } from './configuration-row.ts';

/** Fewer changes than these are made one by one. */
const fewest = 8;

const findMany = kindStatements(
  'find_many',
  (table) => `select id, name, version from ${table} where tenant = $1 and id = any ($2::text[])`,
);

const changeMany = kindStatements(
  'change_many',
  (table, schema) => `
update ${table} t set version = c.version, value = c.value::json, updated_at = ${schema}.clock()
from unnest($2::text[], $3::int[], $4::text[]) c (id, version, value) where t.tenant = $1 and t.id = c.id collate "C"`,
);

const removeMany = kindStatements('delete_many', (table) => `delete from ${table} where tenant = $1 and id = any ($2::text[])`);

type Put = Extract<Change, { readonly put: ConfigurationKind }>;

const isPut = (change: Change): change is Put => 'put' in change;
const kindOf = (change: Change): ConfigurationKind => (isPut(change) ? change.put : change.delete);

/** Whose configuration is changed; the caller is alone with it. */
export interface ChangePlace {
  readonly database: Database;
  readonly client: ClientBase;
  readonly tenant: string;
}

/** True where every row is there, is changed once, in the version that is expected, and keeps its name. */
async function arePlain({ database, client, tenant }: ChangePlace, kind: ConfigurationKind, changes: readonly Change[]): Promise<boolean> {
  const ids = changes.map(({ id }) => id);
  if (new Set(ids).size < ids.length) return false;
  const rows = await database.query(findMany[kind], [tenant, ids], client);
  const found = new Map(rows.map((row) => [text(row, 'id'), row]));
  return changes.every((change) => {
    const row = found.get(change.id);
    return row !== undefined && number(row, 'version') === change.expect && (!isPut(change) || text(row, 'name') === change.name);
  });
}

/**
 * Makes many changes with a statement for each kind, where none of them makes a row, moves a name or conflicts. Answers false where one does, and has
 * changed nothing.
 */
export async function changeAtOnce(place: ChangePlace, changes: readonly Change[]): Promise<boolean> {
  // A connection takes along what belongs to it at that moment, so that the order of the changes counts.
  if (changes.length < fewest || changes.some((change) => !isPut(change) && change.delete === 'connection')) return false;
  const byKind = Map.groupBy(changes, kindOf);
  for (const [kind, some] of byKind) if (!(await arePlain(place, kind, some))) return false;
  const { database, client, tenant } = place;
  for (const [kind, some] of byKind) {
    const puts = some.filter(isPut);
    const columns = [
      puts.map(({ id }) => id),
      puts.map(({ expect }) => Number(expect) + 1),
      puts.map(({ value }) => JSON.stringify(value)),
    ];
    if (puts.length > 0) await database.query(changeMany[kind], [tenant, ...columns], client);
    const gone = some.filter((change) => !isPut(change)).map(({ id }) => id);
    if (gone.length > 0) await database.query(removeMany[kind], [tenant, gone], client);
  }
  return true;
}
