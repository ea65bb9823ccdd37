import type { HistoryStore } from '@patchbay/core/adapter';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { tenants } from '../database/scope.ts';
import { runColumns, runRecord } from '../ledger/run-record.ts';
import { text } from '../row.ts';
import { isUuid } from './is-uuid.ts';
import { pageOf, parseCursor, rowsFor } from './page.ts';

const byKey = 'r.tenant = $1 and r.root = $2::uuid and r.automation = $3 and r.replay = $4::int';

/** A run stands in one of the two tables at any moment of a statement. */
const one: Statement = {
  name: 'run',
  text: (schema) => `
select ${runColumns(schema, 'r')} from ${schema}.runs r where ${byKey}
union all select ${runColumns(schema, 'r')} from ${schema}.run_history r where ${byKey}`,
};

const chosen = (
  order: 'asc' | 'desc',
): string => `r.tenant = $1 and ($2::uuid is null or r.root = $2) and ($3::text is null or r.automation = $3)
    and ($4::text is null or r.status = $4)
    and ($5::uuid is null or (r.root, r.automation, r.replay) ${order === 'asc' ? '>' : '<'} ($5, $6::text, $7::int))
  order by r.root ${order}, r.automation ${order}, r.replay ${order} limit $8::int`;

/** Each table gives its part of the page in order by its own key; the page is the first of both. */
const many = (order: 'asc' | 'desc'): Statement => ({
  name: `runs_${order}`,
  text: (schema) => `
select * from (
  (select ${runColumns(schema, 'r')} from ${schema}.runs r where ${chosen(order)})
  union all
  (select ${runColumns(schema, 'r')} from ${schema}.run_history r where ${chosen(order)})) r
order by r.run_root ${order}, r.run_automation ${order}, r.run_replay ${order} limit $8`,
});

const newestFirst = many('desc');
const oldestFirst = many('asc');

/** Reads of runs. */
export const runHistory = (database: OpenDatabase): Pick<HistoryStore, 'run' | 'runs'> => ({
  async run({ tenant, root, automation, replay }) {
    const [row] = isUuid(root) ? await database.within(tenants(tenant)).query(one, [tenant, root, automation, replay]) : [];
    return row === undefined ? null : runRecord(row);
  },
  async runs(tenant, { root, automation, status }, page) {
    const place = parseCursor(page.cursor, 3);
    if (root !== undefined && !isUuid(root)) return { items: [], cursor: null };
    const values = [tenant, root ?? null, automation ?? null, status ?? null, ...place, rowsFor(page)];
    const rows = await database.within(tenants(tenant)).query(page.order === 'oldest' ? oldestFirst : newestFirst, values);
    return pageOf(rows, page, {
      item: runRecord,
      placeOf: (row) => [text(row, 'run_root'), text(row, 'run_automation'), text(row, 'run_replay')],
    });
  },
});
