import type { FenceVerdict, Held } from '@patchbay/core/adapter';
import type { Database, Statement } from '../database/database.ts';
import { number } from '../row.ts';
import { batchTable, batchValues } from '../sql/columns.ts';
import { heldColumns, lockHeld } from './held-items.ts';
import { partsWithoutRepeats } from './per-item.ts';

const statement: Statement = {
  name: 'begin',
  text: (schema) => `
with moment as materialized (select ${schema}.clock() as now),
  item as materialized (select * from ${batchTable(heldColumns, { first: 1, alias: 'i', ordinal: 'position' })}),
  ${lockHeld(schema)}
update ${schema}.dispatches d set
  sent_at = coalesce(d.sent_at, m.now),
  marked_first = d.marked_first or (d.sent_at is null and d.first_sent_at is null),
  first_sent_at = coalesce(d.first_sent_at, m.now)
from held h cross join moment m
where d.handle = h.handle and d.handle = any (array(select handle from held))
returning h.position`,
};

/** Marks leased dispatches as in flight. What was marked keeps its time. */
export async function begin(database: Database, items: readonly Held[]): Promise<readonly FenceVerdict[]> {
  const verdicts = items.map((): FenceVerdict => ({ status: 'fenced' }));
  for (const part of partsWithoutRepeats(items, (item) => [item.handle])) {
    const rows = await database.query(
      statement,
      batchValues(
        heldColumns,
        part.flatMap((index) => items[index] ?? []),
      ),
    );
    for (const row of rows) verdicts[part[number(row, 'position') - 1] ?? -1] = { status: 'done' };
  }
  return verdicts;
}
