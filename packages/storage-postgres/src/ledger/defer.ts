import type { DeferItem, FenceVerdict } from '@patchbay/core/adapter';
import type { Database, Statement } from '../database/database.ts';
import { number } from '../row.ts';
import { parkingMs } from '../schema/ledger-tables.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { heldColumns, lockHeld } from './held-items.ts';
import { checkDelay } from './new-dispatches.ts';
import { partsWithoutRepeats } from './per-item.ts';

const columns: readonly Column<DeferItem>[] = [
  ...heldColumns,
  ['delay_ms', 'float8', (item) => item.delayMs],
  ['reason', 'text', (item) => item.reason],
  ['nothing_sent', 'bool', (item) => item.nothingSent],
];

const statement: Statement = {
  name: 'defer',
  text: (schema) => `
with moment as materialized (select ${schema}.clock() as now),
  item as materialized (select * from ${batchTable(columns, { first: 1, alias: 'i', ordinal: 'position' })}),
  ${lockHeld(schema)}
update ${schema}.dispatches d set
  status = 'pending', parked = i.delay_ms > ${parkingMs}, due_at = m.now + i.delay_ms * interval '1 millisecond', reason = i.reason,
  holder = null, lease_until = null, claimed_at = null, sent_at = null, marked_first = false,
  first_sent_at = case when i.nothing_sent and d.marked_first then null else d.first_sent_at end,
  last_write = 'defer'
from held h join item i using (position) cross join moment m
where d.handle = h.handle and d.handle = any (array(select handle from held))
returning h.position`,
};

/** Those that this very call has given back before: pending, under the same fence, and nobody has written since. */
const recall: Statement = {
  name: 'recall_defer',
  text: (schema) => `
select i.position from ${batchTable(heldColumns, { first: 1, alias: 'i', ordinal: 'position' })}
where (
  select true from ${schema}.dispatches d
  where d.handle = i.handle and d.fence = i.fence and d.tenant = i.tenant and d.last_write = 'defer' limit 1)`,
};

/** Gives leases back without an attempt. */
export async function defer(database: Database, items: readonly DeferItem[]): Promise<readonly FenceVerdict[]> {
  for (const item of items) checkDelay(item.delayMs);
  const verdicts = items.map((): FenceVerdict => ({ status: 'fenced' }));
  for (const part of partsWithoutRepeats(items, (item) => [item.handle])) {
    const batch = part.flatMap((index) => items[index] ?? []);
    const rows = [...(await database.query(statement, batchValues(columns, batch)))];
    if (rows.length < batch.length) rows.push(...(await database.query(recall, batchValues(heldColumns, batch))));
    for (const row of rows) verdicts[part[number(row, 'position') - 1] ?? -1] = { status: 'done' };
  }
  return verdicts;
}
