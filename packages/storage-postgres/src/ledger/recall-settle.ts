import type { SettleItem } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { number, optionalText } from '../row.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { heldColumns } from './held-items.ts';
import { settleWrite } from './settle-statement.ts';
import { keyColumns, sameKey } from './still-born.ts';

const columns: readonly Column<SettleItem>[] = [
  ...heldColumns.map(([name, type, of]): Column<SettleItem> => [`held_${name}`, type, of]),
  ...keyColumns.map(([name, type, of]): Column<SettleItem> => [name, type, ({ key }) => of(key)]),
  ['goes_to', 'text', (item) => item.settlement.to],
  ['outcome', 'text', (item) => item.attempt.outcome],
];

const written = (row: string): string =>
  `${row}.handle = i.held_handle and ${row}.fence = i.held_fence and ${row}.tenant = i.held_tenant
    and ${row}.last_write = ${settleWrite('i')}`;

const statement: Statement = {
  name: 'recall_settle',
  text: (schema) => `
select i.position, f.output from ${batchTable(columns, { first: 1, alias: 'i', ordinal: 'position' })}
cross join lateral (
  select null as output from ${schema}.dispatches d where ${written('d')} and d.status <> 'leased'
  union all
  select h.output from ${schema}.dispatch_history h where ${sameKey('h', 'i')} and ${written('h')}
  limit 1) f`,
};

/** Which of the items, by index in the list, this very call has settled before: nobody has written since. */
export async function recallSettle(database: Database, items: readonly SettleItem[], client?: ClientBase): Promise<ReadonlySet<number>> {
  const rows = await database.query(statement, batchValues(columns, items), client);
  const repeated = rows.flatMap((row) => {
    const index = number(row, 'position') - 1;
    const settlement = items[index]?.settlement;
    const same = settlement?.to !== 'succeeded' || settlement.output === optionalText(row, 'output');
    return same ? [index] : [];
  });
  return new Set(repeated);
}
