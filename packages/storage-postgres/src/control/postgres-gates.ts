import type { GateReason, GateStore } from '@patchbay/core/adapter';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { tenants, tenantsOf } from '../database/scope.ts';
import { optionalNumber, text } from '../row.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { malformed } from '../storage-error.ts';

type GateName = Parameters<GateStore['open']>[0][number];
type Closing = Parameters<GateStore['close']>[0][number];

const nameColumns: readonly Column<GateName>[] = [
  ['tenant', 'text', (gate) => gate.tenant],
  ['lane', 'text', (gate) => gate.lane],
  ['reason', 'text', (gate) => gate.reason],
];

const closingColumns: readonly Column<Closing>[] = [...nameColumns, ['for_ms', 'float8', (gate) => gate.forMs]];

// Of two closings of one gate the later end holds, and none is the latest. Rows are written in the order of their keys, as by everybody.
const close: Statement = {
  name: 'close_gates',
  text: (schema) => `
insert into ${schema}.gates as g (tenant, lane, reason, until)
select c.tenant collate "C", c.lane collate "C", c.reason collate "C",
  case when count(c.for_ms) = count(*) then max((select ${schema}.clock()) + c.for_ms * interval '1 millisecond') end
from ${batchTable(closingColumns, { first: 1, alias: 'c', ordinal: 'position' })}
group by 1, 2, 3 order by 1, 2, 3
on conflict (tenant, lane, reason) do update set
  until = case when g.until is null or excluded.until is null then null else greatest(g.until, excluded.until) end`,
};

const open: Statement = {
  name: 'open_gates',
  text: (schema) => `
delete from ${schema}.gates where ctid = any (array(
  select x.place from (select distinct o.tenant collate "C" as tenant, o.lane collate "C" as lane, o.reason collate "C" as reason
    from ${batchTable(nameColumns, { first: 1, alias: 'o', ordinal: 'position' })} order by 1, 2, 3) k
  cross join lateral (
    select g.ctid as place from ${schema}.gates g
    where g.tenant = k.tenant and g.lane = k.lane and g.reason = k.reason limit 1 for update) x))`,
};

const list: Statement = {
  name: 'list_gates',
  text: (schema) => `
select g.lane, g.reason, ${schema}.millis(g.until) as until from ${schema}.gates g
where g.tenant = $1 and (g.until is null or g.until > (select ${schema}.clock())) order by g.lane, g.reason`,
};

// The words of this column come from this package's own statements only.
const isReason = (value: string): value is GateReason => /^(rate_limited|breaker|paused|disabled|connection|plan)$/.test(value);

function reasonOf(value: string): GateReason {
  if (isReason(value)) return value;
  throw new TypeError(`The reason ${value} of a gate is not known to this version of the package.`);
}

function checkEnd(forMs: number | null): void {
  if (forMs === null || (Number.isFinite(forMs) && forMs >= 0)) return;
  throw malformed('A gate closes for a time that is no number of milliseconds from 0 on. Give one, or null until somebody opens it.');
}

/** Gates in their table. */
export function postgresGates(database: OpenDatabase): GateStore {
  return {
    async close(gates) {
      for (const { forMs } of gates) checkEnd(forMs);
      await database.within(tenantsOf(gates)).query(close, batchValues(closingColumns, gates));
    },
    async open(gates) {
      await database.within(tenantsOf(gates)).query(open, batchValues(nameColumns, gates));
    },
    async list(tenant) {
      const rows = await database.within(tenants(tenant)).query(list, [tenant]);
      return rows.map((row) => ({
        tenant,
        lane: text(row, 'lane'),
        reason: reasonOf(text(row, 'reason')),
        until: optionalNumber(row, 'until'),
      }));
    },
  };
}
