import { readyCondition } from '../schema/ledger-tables.ts';
import { batchTable } from '../sql/columns.ts';
import { placeColumns } from './lane-places.ts';
import type { Look } from './look.ts';

/** Tenants that one statement visits; where more have something ready, the next one visits the others. */
const mostTenants = 32;

/** Lanes that one statement visits of one tenant; where a tenant has more, the next one visits the others. */
const mostLanes = 64;

interface Walk {
  readonly schema: string;
  /** Column that is walked over. */
  readonly column: 'tenant' | 'lane';
  /** What stays the same on the walk. */
  readonly within: string;
}

/**
 * The next value of a column behind the last one, and from the start once the end is reached, until the origin comes round: one index
 * probe each. `w` is the walk's own table with the columns place, origin and wrapped.
 */
const nextStop = ({ schema, column, within }: Walk): string => `lateral (
      (select d.${column} as place, w.wrapped from ${schema}.dispatches d
        where ${readyCondition} and ${within} and d.${column} > w.place and (not w.wrapped or d.${column} <= w.origin)
        order by d.${column} limit 1)
      union all
      (select d.${column}, true from ${schema}.dispatches d
        where ${readyCondition} and ${within} and not w.wrapped and d.${column} <= w.origin
        order by d.${column} limit 1)
      limit 1) n`;

/**
 * Common table expressions that walk from tenant to tenant, beginning behind the cursors, and over the lanes of each, beginning behind
 * the place of the tenant.
 */
const walkToLanes = (schema: string): string => `  walk (work_class, place, origin, wrapped, step) as (
    select q.work_class, q.cursor, q.cursor, false, 0 from quota q cross join late e where q.quota > 0 and ($10::bool or not e.parked)
    union all
    select w.work_class, n.place, w.origin, n.wrapped, w.step + 1
    from walk w cross join ${nextStop({ schema, column: 'tenant', within: 'd.work_class = w.work_class' })}
    where w.step < ${mostTenants}),
  places as materialized (select * from ${batchTable(placeColumns, { first: 12, alias: 'p', ordinal: 'position' })}),
  starts as (
    select w.work_class, w.place as tenant, w.step as turn, coalesce(p.lane, '') collate "C" as lane
    from walk w left join places p on p.work_class = w.work_class and p.tenant = w.place where w.step > 0),
  lanes (work_class, tenant, turn, place, origin, wrapped, step) as (
    select s.work_class, s.tenant, s.turn, s.lane, s.lane, false, 0 from starts s
    union all
    select w.work_class, w.tenant, w.turn, n.place, w.origin, n.wrapped, w.step + 1
    from lanes w cross join ${nextStop({ schema, column: 'lane', within: 'd.work_class = w.work_class and d.tenant = w.tenant' })}
    where w.step < ${mostLanes}),
  visited as materialized (
    select w.work_class, w.tenant, w.turn, w.place as lane, '-infinity'::timestamptz as floor from lanes w where w.step > 0),
  stops as (select w.work_class, w.step as turn, w.place as tenant from walk w where w.step > 0)`;

/**
 * Common table expression that says where the walk over a tenant's lanes goes on. Where there was something to take and others were
 * served, the tenant stays where it is until its turn comes: it would pass its open lanes by each time that others come first. Where the
 * end was reached, it begins anew. A tenant of which nothing waits any more is forgotten.
 */
const moveOn = (schema: string): string => `,
  cut as (
    select w.work_class, w.tenant, case
      when not exists (select from picked k where k.work_class = w.work_class and k.turn = w.turn)
        and exists (select from servable v where v.work_class = w.work_class and v.turn = w.turn) then nullif(w.origin, '')
      when not w.wrapped then w.place end as lane
    from lanes w where w.step = ${mostLanes}),
  moves as (
    select c.work_class, c.tenant, c.lane from cut c
    union all
    select p.work_class, p.tenant, null from places p
    where not exists (select from cut c where c.work_class = p.work_class and c.tenant = p.tenant) and (
      exists (select from starts s where s.work_class = p.work_class and s.tenant = p.tenant)
      or (select true from ${schema}.dispatches d where ${readyCondition} and d.work_class = p.work_class and d.tenant = p.tenant
        order by d.lane limit 1) is null))`;

/**
 * Looks everywhere: walks from tenant to tenant by index probes, beginning behind the one that was served last, and over the lanes of
 * each. Takes the places in the lanes as parameters 12 to 14.
 */
export const lookEverywhere: Look = {
  visit: walkToLanes,
  moveOn,
  laneMoves: "(select json_agg(json_build_object('workClass', v.work_class, 'tenant', v.tenant, 'lane', v.lane)) from moves v)",
  unseen: `exists (select from walk w where w.step = ${mostTenants}) or exists (select from lanes w where w.step = ${mostLanes})`,
};
