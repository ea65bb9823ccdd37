import type { AdditionVerdict, EventAddition } from '@patchbay/core/adapter';
import type { Database, Statement } from '../database/database.ts';
import { flag } from '../row.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { encodePayload } from './payload.ts';
import { bisect, partsWithoutRepeats } from './per-item.ts';

const columns: readonly Column<EventAddition>[] = [
  ['tenant', 'text', ({ tenant }) => tenant],
  ['root', 'uuid', ({ root }) => root],
  ['expected', 'bytea', ({ expect }) => (expect === null ? null : Buffer.from(encodePayload(expect)))],
  ['additions', 'bytea', ({ additions }) => Buffer.from(encodePayload(additions))],
];

const ofItem = 'e.tenant = i.tenant and e.id = i.root';

/** Writes what is as it was expected, or as it shall be, and answers each item: whether it was written, and whether there is such an event. */
const statement: Statement = {
  name: 'add_to_events',
  text: (schema) => `
with item as materialized (select * from ${batchTable(columns, { first: 1, alias: 'i', ordinal: 'position' })}),
  written as (
    update ${schema}.events e set additions = i.additions from item i
    where ${ofItem} and (e.additions is not distinct from i.expected or e.additions = i.additions)
    returning i.position)
select w.position is not null as written, exists (select from ${schema}.events e where ${ofItem}) as found
from item i left join written w using (position) order by i.position`,
};

async function addBatch(database: Database, items: readonly EventAddition[]): Promise<readonly AdditionVerdict[]> {
  const rows = await database.query(statement, batchValues(columns, items));
  return rows.map((row) => ({ status: flag(row, 'written') ? 'written' : flag(row, 'found') ? 'conflict' : 'missing' }));
}

/** Adds to stored events: one round trip per 64, and what stands twice in a call one after another. */
export async function addToEvents(database: Database, items: readonly EventAddition[]): Promise<readonly AdditionVerdict[]> {
  const verdicts: AdditionVerdict[] = [];
  for (const part of partsWithoutRepeats(items, ({ tenant, root }) => [JSON.stringify([tenant, root])])) {
    const batch = part.flatMap((index) => items[index] ?? []);
    const results = await bisect(batch, (some) => addBatch(database, some));
    for (const [place, index] of part.entries()) verdicts[index] = results[place] ?? { status: 'missing' };
  }
  return verdicts;
}
