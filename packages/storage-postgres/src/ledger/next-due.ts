import type { Database, Statement } from '../database/database.ts';
import { flag, optionalNumber } from '../row.ts';
import { parkedCondition, readyCondition, suspectCondition } from '../schema/ledger-tables.ts';

/**
 * Parked dispatches that are looked at, earliest due first. Where all of them stand behind gates without an end, the poll finds the
 * others.
 */
const mostParked = 1_000;

/** Lanes that are looked at. */
const mostLanes = 1_000;

/** Milliseconds that are answered at most where there are more lanes. */
const manyLanesMs = 1_000;

const opensAt = (schema: string, dispatch: string): string =>
  `(select case when bool_or(g.until is null) then 'infinity'::timestamptz else max(g.until) end
      from ${schema}.gates g where g.tenant = ${dispatch}.tenant and g.lane = ${dispatch}.lane)`;

/**
 * When something can be claimed next. Walks over the lanes by index probes; the first due of each lane is enough. A gate that has no end
 * is an infinite one.
 */
const statement: Statement = {
  name: 'next_due',
  text: (schema) => `
with recursive moment as materialized (select ${schema}.clock() as now),
  lanes (work_class, tenant, lane, step) as (
    (select d.work_class, d.tenant, d.lane, 1 from ${schema}.dispatches d
      where ${readyCondition} order by d.work_class, d.tenant, d.lane limit 1)
    union all
    select n.work_class, n.tenant, n.lane, w.step + 1 from lanes w cross join lateral (
      select d.work_class, d.tenant, d.lane from ${schema}.dispatches d
      where ${readyCondition} and (d.work_class, d.tenant, d.lane) > (w.work_class, w.tenant, w.lane)
      order by d.work_class, d.tenant, d.lane limit 1) n
    where w.step <= ${mostLanes}),
  waiting as (
    select w.tenant, w.lane, x.due from lanes w cross join lateral (
      select d.due_at as due from ${schema}.dispatches d
      where ${readyCondition} and d.work_class = w.work_class and d.tenant = w.tenant and d.lane = w.lane and d.handler = any ($1::text[])
      order by d.due_at limit 1) x
    union all
    (select d.tenant, d.lane, d.due_at from ${schema}.dispatches d
      where ${parkedCondition} and d.due_at < 'infinity' and d.handler = any ($1) order by d.due_at limit ${mostParked})
    union all
    select d.tenant, d.lane, d.due_at from ${schema}.dispatches d where ${suspectCondition} and d.handler = any ($1)
    union all
    select d.tenant, d.lane, d.lease_until from ${schema}.dispatches d where d.status = 'leased' and d.handler = any ($1)),
  times as (select greatest(w.due, ${opensAt(schema, 'w')}) as at from waiting w)
select ${schema}.millis(min(t.at)) - ${schema}.millis(max(m.now)) as wait,
  (select count(*) > ${mostLanes} from lanes) as many
from times t cross join moment m where t.at < 'infinity'`,
};

/**
 * Milliseconds until something can be claimed, 0 when it can now, `null` when nothing waits. A second at most where there are more lanes
 * than are looked at.
 */
export async function nextDue(database: Database, handlers: readonly string[]): Promise<number | null> {
  const [row] = await database.query(statement, [[...handlers]]);
  const wait = row === undefined ? null : optionalNumber(row, 'wait');
  const bounded = row !== undefined && flag(row, 'many') ? Math.min(wait ?? manyLanesMs, manyLanesMs) : wait;
  return bounded === null ? null : Math.max(0, bounded);
}
