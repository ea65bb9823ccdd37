import { readyCondition } from '../schema/ledger-tables.ts';
import { batchTable } from '../sql/columns.ts';
import { knownColumns } from './known-lanes.ts';
import type { Look } from './look.ts';

/**
 * Common table expressions that visit the lanes that are known. Nothing is visited where something waits in a lane between two known
 * ones. No look steps over the entries of known lanes, as dead ones pile up there and nowhere else.
 */
const visitKnown = (schema: string): string => `
  known as materialized (
    select k.work_class collate "C" as work_class, k.tenant collate "C" as tenant, k.lane collate "C" as lane, k.floor_ms
    from ${batchTable(knownColumns, { first: 12, alias: 'k', ordinal: 'position' })}),
  gaps as (
    select k.*, lead(k.work_class, 1, '~') over (order by k.work_class, k.tenant, k.lane) as next_class,
      lead(k.tenant, 1, '') over (order by k.work_class, k.tenant, k.lane) as next_tenant,
      lead(k.lane, 1, '') over (order by k.work_class, k.tenant, k.lane) as next_lane
    from (select k.work_class, k.tenant, k.lane from known k union all select '', '', '') k),
  unknown as materialized (
    select true from gaps g where (
      select true from ${schema}.dispatches d
      where ${readyCondition} and (d.work_class, d.tenant, d.lane) > (g.work_class, g.tenant, g.lane)
        and (d.work_class, d.tenant, d.lane) < (g.next_class, g.next_tenant, g.next_lane)
      order by d.work_class, d.tenant, d.lane limit 1)
    limit 1),
  visited as materialized (
    select k.work_class, k.tenant, (dense_rank() over (partition by k.work_class order by k.tenant <= q.cursor, k.tenant))::int as turn,
      k.lane, ${schema}.moment(k.floor_ms) as floor
    from known k join quota q using (work_class) cross join late e
    where q.quota > 0 and ($10::bool or not e.parked) and not exists (select from unknown)),
  stops as (select distinct v.work_class, v.turn, v.tenant from visited v)`;

/**
 * Looks into the lanes that this process knows, each from where something was first found last time. Takes the lanes as parameters 12
 * to 15.
 */
export const lookIntoKnown: Look = {
  visit: visitKnown,
  moveOn: () => '',
  laneMoves: 'null::text',
  unseen: 'exists (select from unknown)',
};
