import type { Statement } from '../database.ts';
import { parkedCondition, readyCondition } from '../schema/ledger-tables.ts';
import { openColumns } from './dispatch-record.ts';
import { leaseAssignments } from './lease-assignments.ts';
import { joinRun, runColumns } from './run-record.ts';

/** Tenants that one claim visits. */
const mostTenants = 32;

/** Lanes that one claim visits of one tenant; of a tenant with more, the next claim visits the others. */
const mostLanes = 64;

interface Walk {
  readonly schema: string;
  /** Column that is walked over. */
  readonly column: 'tenant' | 'lane';
  /** What stays the same on the walk. */
  readonly within: string;
}

/**
 * The next value of a column behind the last one, and from the start once the end is reached, until the origin comes round: one index probe each. `w`
 * is the walk's own table with the columns place, origin and wrapped.
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

const gateIsOpen = (schema: string): string =>
  `(select true from ${schema}.gates g where g.tenant = w.tenant and g.lane = w.place and (g.until is null or g.until > (select now from moment)) limit 1) is null`;

/**
 * Leases due dispatches, fairly. Walks from tenant to tenant by index probes, beginning behind the one that was served last, and over the lanes
 * of each; a closed lane costs two probes however much waits in it. Each tenant gets its part of the limit, oldest due first. Rows that
 * another claim is taking are passed over.
 *
 * Parameters: holder, lease in ms, handlers, total limit, then for live work and for replays the limit and the cursor, the lane cursor, and the class
 * whose limit comes first (the other gets what it leaves). One row without a dispatch where nothing was found.
 */
export const claimStatement: Statement = {
  name: 'claim',
  text: (schema) => `
with recursive moment as materialized (select ${schema}.clock() as now),
  quota (work_class, quota, cursor) as (values ('live' collate "C", $5::int, $6::text collate "C"), ('replay', $7, $8)),
  walk (work_class, quota, place, origin, wrapped, step) as (
    select q.work_class, q.quota, q.cursor, q.cursor, false, 0 from quota q where q.quota > 0
    union all
    select w.work_class, w.quota, n.place, w.origin, n.wrapped, w.step + 1
    from walk w cross join ${nextStop({ schema, column: 'tenant', within: 'd.work_class = w.work_class' })}
    where w.step < least(${mostTenants}, w.quota)),
  part as (select w.work_class, max(w.step) as tenants, ceil(w.quota::float8 / max(w.step))::int as share from walk w group by w.work_class, w.quota
    having max(w.step) > 0),
  lanes (work_class, tenant, turn, share, place, origin, wrapped, step) as (
    select w.work_class, w.place, w.step, p.share, $9::text collate "C", $9::text collate "C", false, 0 from walk w join part p using (work_class)
    where w.step > 0
    union all
    select w.work_class, w.tenant, w.turn, w.share, n.place, w.origin, n.wrapped, w.step + 1
    from lanes w cross join ${nextStop({ schema, column: 'lane', within: 'd.work_class = w.work_class and d.tenant = w.tenant' })}
    where w.step < ${mostLanes}),
  found as materialized (
    select w.work_class, w.tenant, w.turn, w.share, x.tuple, x.due_at
    from lanes w cross join lateral (
      select d.ctid as tuple, d.due_at from ${schema}.dispatches d
      where ${readyCondition} and d.work_class = w.work_class and d.tenant = w.tenant and d.lane = w.place
        and d.due_at <= (select now from moment) and d.handler = any ($3::text[])
      order by d.due_at limit w.share for update skip locked) x
    where w.step > 0 and ${gateIsOpen(schema)}),
  parted as (select f.*, row_number() over (partition by f.work_class, f.tenant order by f.due_at) as number from found f),
  ranked as materialized (
    select p.*, row_number() over (partition by p.work_class order by p.turn, p.due_at) as rank from parted p where p.number <= p.share),
  room as (
    select q.work_class, case when q.work_class = $10::text then q.quota
      else $4::int - (select least(f.quota, (select count(*) from ranked r where r.work_class = $10)) from quota f where f.work_class = $10) end as room
    from quota q),
  picked as materialized (select r.* from ranked r join room q using (work_class) where r.rank <= q.room),
  taken as (
    update ${schema}.dispatches d set ${leaseAssignments({ holder: '$1', leaseMs: '$2', now: 'm.now' })}
    from moment m where d.ctid = any (array(select tuple from picked))
    returning d.*),
  ends as (
    select p.work_class, case when (select max(r.rank) from ranked r where r.work_class = p.work_class) > q.room
      then (select max(k.turn) from picked k where k.work_class = p.work_class) else p.tenants end as turn
    from part p join room q using (work_class))
select ${openColumns(schema, 't')}, t.handle, ${schema}.millis(m.now) as store_now, ${runColumns(schema, 'r')},
  (select w.place from walk w join ends e on e.work_class = w.work_class and e.turn = w.step where w.work_class = 'live') as live_cursor,
  (select w.place from walk w join ends e on e.work_class = w.work_class and e.turn = w.step where w.work_class = 'replay') as replay_cursor,
  (select max(w.place) from lanes w where w.step = ${mostLanes}) as lane_cursor,
  exists (select from parted p where p.number >= p.share) or exists (select from walk w where w.step = ${mostTenants})
    or exists (select from quota q where q.quota = 0 and (select true from ${schema}.dispatches d where ${readyCondition} and d.work_class = q.work_class limit 1))
    as more,
  coalesce((select true from ${schema}.dispatches d where ${parkedCondition} and d.due_at <= m.now limit 1), false) as parked_due
from moment m left join taken t on true ${joinRun(schema, 't', 'r')}
order by t.due_at, t.handle`,
};
