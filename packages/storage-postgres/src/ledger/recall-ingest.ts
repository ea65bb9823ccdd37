import type { IngestItem } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { number, optionalText, text } from '../row.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { guardDigest } from './ingest-statement.ts';

const columns: readonly Column<IngestItem>[] = [
  ['tenant', 'text', (item) => item.tenant],
  ['digest', 'bytea', guardDigest],
];

const statement: Statement = {
  name: 'recall_ingest',
  text: (schema) => `
select i.position, g.root, g.hash from ${batchTable(columns, { first: 1, alias: 'i', ordinal: 'position' })}
cross join lateral (select d.root, d.hash from ${schema}.event_dedupe d where d.tenant = i.tenant and d.digest = i.digest limit 1) g`,
};

/** Whom a guard belongs to. */
export interface Seen {
  readonly root: string;
  readonly hash: string | null;
}

/** Finds out to whom the guards of items belong that were not new, by index in the list. What is missing was not stored at all. */
export async function recallIngest(
  database: Database,
  items: readonly IngestItem[],
  client?: ClientBase,
): Promise<ReadonlyMap<number, Seen>> {
  const rows = await database.query(statement, batchValues(columns, items), client);
  return new Map(rows.map((row) => [number(row, 'position') - 1, { root: text(row, 'root'), hash: optionalText(row, 'hash') }]));
}
