import type { ClaimedDispatch, DispatchKey } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { claimedDispatches } from './claimed-dispatches.ts';
import { openColumns } from './dispatch-record.ts';
import { joinRun, runColumns } from './run-record.ts';

/** Columns that name dispatches. */
export const keyColumns: readonly Column<DispatchKey>[] = [
  ['tenant', 'text', (key) => key.tenant],
  ['root', 'uuid', (key) => key.root],
  ['target', 'text', (key) => key.target],
  ['replay', 'int', (key) => key.replay],
  ['path', 'text', (key) => key.path],
];

/** True in SQL where the dispatch has the key. */
export const sameKey = (dispatch: string, key: string): string =>
  keyColumns.map(([name]) => `${dispatch}.${name} = ${key}.${name}`).join(' and ');

const statement: Statement = {
  name: 'still_born',
  text: (schema) => `
select ${openColumns(schema, 'd')}, d.handle, ${schema}.millis(m.now) as store_now, ${runColumns(schema, 'r')}
from (select tenant, root, target, replay, path, min(position) as position
  from ${batchTable(keyColumns, { first: 2, alias: 'k', ordinal: 'position' })} group by 1, 2, 3, 4, 5) k
cross join (select ${schema}.clock() as now) m
cross join lateral (
  select o.* from ${schema}.dispatches o where ${sameKey('o', 'k')} and o.last_write = 'birth' and o.holder = $1
    and o.lease_until > m.now limit 1) d
${joinRun(schema, 'd', 'r')}
order by k.position`,
};

/** Those of the dispatches that are in the lease which they were born with: what the first answer said, and what a repeated one says. */
export async function stillBorn(
  database: Database,
  birth: { readonly holder: string; readonly keys: readonly DispatchKey[] },
  client?: ClientBase,
): Promise<readonly ClaimedDispatch[]> {
  if (birth.keys.length === 0) return [];
  const rows = await database.query(statement, [birth.holder, ...batchValues(keyColumns, birth.keys)], client);
  return claimedDispatches(database, rows, client);
}
