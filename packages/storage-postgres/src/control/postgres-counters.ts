import type { CounterDelta, CounterStore } from '@patchbay/core/adapter';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { tenants, tenantsOf } from '../database/scope.ts';
import { number, text } from '../row.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { lastText } from '../sql/last-text.ts';

const columns: readonly Column<CounterDelta>[] = [
  ['tenant', 'text', (delta) => delta.tenant],
  ['name', 'text', (delta) => delta.name],
  ['day', 'date', (delta) => delta.day],
  ['by', 'float8', (delta) => delta.by],
];

// Rows are written in the order of their keys, so that two processes that flush at once do not wait for each other in a circle.
const add: Statement = {
  name: 'add_counts',
  text: (schema) => `
with batch as (
  insert into ${schema}.counter_batches (id, added_at) values ($1, ${schema}.clock()) on conflict do nothing returning id)
insert into ${schema}.counters as c (tenant, name, day, count)
select d.tenant collate "C", d.name collate "C", d.day, sum(d.by)
from ${batchTable(columns, { first: 2, alias: 'd', ordinal: 'position' })} cross join batch
group by 1, 2, 3 order by 1, 2, 3
on conflict (tenant, name, day) do update set count = c.count + excluded.count`,
};

const read: Statement = {
  name: 'read_count',
  text: (schema) => `
select coalesce(sum(count), 0) as count from ${schema}.counters where tenant = $1 and name = $2 and day between $3::date and $4::date`,
};

const list: Statement = {
  name: 'list_counts',
  text: (schema) => `
select name, day::text as day, count from ${schema}.counters
where tenant = $1 and name >= $2 and name < $3 and day between $4::date and $5::date order by name, day`,
};

/** Counters in their table. */
export function postgresCounters(database: OpenDatabase): CounterStore {
  return {
    async add({ id, deltas }) {
      await database.within(tenantsOf(deltas)).query(add, [id, ...batchValues(columns, deltas)]);
    },
    async read({ tenant, name, fromDay, toDay }) {
      const [row] = await database.within(tenants(tenant)).query(read, [tenant, name, fromDay, toDay]);
      return row === undefined ? 0 : number(row, 'count');
    },
    async list({ tenant, prefix, fromDay, toDay }) {
      const rows = await database.within(tenants(tenant)).query(list, [tenant, prefix, lastText(prefix), fromDay, toDay]);
      return rows.map((row) => ({ name: text(row, 'name'), day: text(row, 'day'), count: number(row, 'count') }));
    },
  };
}
