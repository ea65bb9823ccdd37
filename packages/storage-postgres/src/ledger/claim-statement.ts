import type { Statement } from '../database.ts';
import { parkedCondition, readyCondition } from '../schema/ledger-tables.ts';
import { batchTable } from '../sql/columns.ts';
import { openColumns } from './dispatch-record.ts';
import { laneIsOpen } from './lane-is-open.ts';
import { placeColumns } from './lane-places.ts';
import { leaseAssignments } from './lease-assignments.ts';
import { joinRun, runColumns } from './run-record.ts';

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

const isEligible = `
      ${readyCondition} and d.work_class = w.work_class and d.tenant = w.tenant and d.lane = w.place
        and d.due_at <= (select now from moment) and d.handler = any ($3::text[])`;

/**
 * Common table expressions that walk from tenant to tenant, beginning behind the cursors, and over the lanes of each, beginning behind
 * the place of the tenant.
 */
const walkToLanes = (schema: string): string => `with recursive moment as materialized (select ${schema}.clock() as now),
  late as materialized (
    select coalesce((select true from ${schema}.dispatches d where ${parkedCondition} and d.due_at <= (select now from moment)
      order by d.due_at limit 1), false) as parked),
  quota (work_class, quota, cursor) as (values ('live' collate "C", $5::int, $6::text collate "C"), ('replay', $7, $8)),
  walk (work_class, place, origin, wrapped, step) as (
    select q.work_class, q.cursor, q.cursor, false, 0 from quota q cross join late e where q.quota > 0 and ($10::bool or not e.parked)
    union all
    select w.work_class, n.place, w.origin, n.wrapped, w.step + 1
    from walk w cross join ${nextStop({ schema, column: 'tenant', within: 'd.work_class = w.work_class' })}
    where w.step < ${mostTenants}),
  places as materialized (select * from ${batchTable(placeColumns, { first: 11, alias: 'p', ordinal: 'position' })}),
  starts as (
    select w.work_class, w.place as tenant, w.step as turn, coalesce(p.lane, '') collate "C" as lane
    from walk w left join places p on p.work_class = w.work_class and p.tenant = w.place where w.step > 0),
  lanes (work_class, tenant, turn, place, origin, wrapped, step) as (
    select s.work_class, s.tenant, s.turn, s.lane, s.lane, false, 0 from starts s
    union all
    select w.work_class, w.tenant, w.turn, n.place, w.origin, n.wrapped, w.step + 1
    from lanes w cross join ${nextStop({ schema, column: 'lane', within: 'd.work_class = w.work_class and d.tenant = w.tenant' })}
    where w.step < ${mostLanes})`;

/**
 * Common table expressions that choose: of the lanes that are open and have something due, the rows of each tenant up to its part, and of
 * these up to the limits, in turns. What another claim is taking is passed over.
 */
const chooseRows = (schema: string): string => `  servable as materialized (
    select w.work_class, w.tenant, w.turn, w.place from lanes w
    where w.step > 0 and ${laneIsOpen(schema, 'w.tenant', 'w.place')}
      and (select true from ${schema}.dispatches d where ${isEligible} order by d.due_at limit 1)),
  served as (
    select v.work_class, v.turn, row_number() over (partition by v.work_class order by v.turn) as number,
      count(*) over (partition by v.work_class) as waiting
    from (select distinct work_class, turn from servable) v),
  part as materialized (
    select v.work_class, v.turn, v.waiting, ceil(q.quota::float8 / least(q.quota, v.waiting))::int as share
    from served v join quota q using (work_class) where v.number <= q.quota),
  found as materialized (
    select w.work_class, w.turn, p.share, x.tuple, x.due_at
    from servable w join part p using (work_class, turn)
    cross join lateral (
      select d.ctid as tuple, d.due_at from ${schema}.dispatches d where ${isEligible}
      order by d.due_at limit p.share for update skip locked) x),
  parted as (select f.*, row_number() over (partition by f.work_class, f.turn order by f.due_at) as number from found f),
  ranked as materialized (
    select p.*, row_number() over (partition by p.work_class order by p.number, p.turn) as rank from parted p where p.number <= p.share),
  greedy as (
    select p.work_class from parted p where p.number >= p.share
    union
    select p.work_class from part p join quota q using (work_class) where p.waiting > q.quota),
  room as (
    select q.work_class, case when q.work_class = $9::text then q.quota else $4::int - (
      select case when exists (select from greedy g where g.work_class = $9) then f.quota
        else least(f.quota, (select count(*) from ranked r where r.work_class = $9)) end
      from quota f where f.work_class = $9) end as room
    from quota q),
  picked as materialized (select r.* from ranked r join room q using (work_class) where r.rank <= q.room)`;

/**
 * Common table expression that says where the walk over a tenant's lanes goes on. Where there was something to take and others were
 * served, the tenant stays where it is until its turn comes: it would pass its open lanes by each time that others come first. Where the
 * end was reached, it begins anew. A tenant of which nothing waits any more is forgotten.
 */
const moveOn = (schema: string): string => `  cut as (
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

/** Leases what was chosen, and says where the next claim begins and whether it would find more. */
const takeRows = (schema: string): string => `  taken as (
    update ${schema}.dispatches d set ${leaseAssignments({ holder: '$1', leaseMs: '$2', now: 'm.now' })}
    from moment m where d.ctid = any (array(select tuple from picked))
    returning d.*),
  ends as (
    select q.work_class, coalesce(
      case when q.quota < (select max(p.waiting) from part p where p.work_class = q.work_class)
        or q.room < (select max(r.rank) from ranked r where r.work_class = q.work_class)
        then (select k.turn from picked k where k.work_class = q.work_class order by k.rank desc limit 1) end,
      (select max(w.step) from walk w where w.work_class = q.work_class)) as turn
    from (select * from quota join room using (work_class)) q),
  cursors as (select w.work_class, w.place from walk w join ends e on e.work_class = w.work_class and e.turn = w.step)
select ${openColumns(schema, 't')}, t.handle, ${schema}.millis(m.now) as store_now, ${runColumns(schema, 'r')},
  (select c.place from cursors c where c.work_class = 'live') as live_cursor,
  (select c.place from cursors c where c.work_class = 'replay') as replay_cursor,
  (select json_agg(json_build_object('workClass', v.work_class, 'tenant', v.tenant, 'lane', v.lane)) from moves v) as lane_moves,
  exists (select from walk w where w.step = ${mostTenants}) or exists (select from lanes w where w.step = ${mostLanes}) as unseen,
  exists (select from greedy g where g.work_class = 'replay') as more_replays,
  exists (select from greedy)
    or exists (select from quota q where q.quota = 0 and (
      select true from ${schema}.dispatches d where ${readyCondition} and d.work_class = q.work_class order by d.tenant limit 1)) as more,
  (select e.parked from late e) as parked_due
from moment m left join taken t on true ${joinRun(schema, 't', 'r')}
order by t.due_at, t.handle`;

/**
 * Leases due dispatches, fairly. Walks from tenant to tenant by index probes, beginning behind the one that was served last, and over the
 * lanes of each; a closed lane costs two probes however much waits in it. Each tenant that has something gets its part of the limit,
 * oldest due first, and where the limit cuts it takes turns. Rows that another claim is taking are passed over.
 *
 * Parameters: holder, lease in ms, handlers, total limit, then for live work and for replays the limit and the cursor, the class
 * whose limit comes first (the other gets what it leaves, and nothing of it while the first has more), whether to claim although parked
 * dispatches are due, which would come out of their turn, and the places in the lanes. One row without a dispatch where nothing was taken.
 */
export const claimStatement: Statement = {
  name: 'claim',
  text: (schema) => `${walkToLanes(schema)},\n${chooseRows(schema)},\n${moveOn(schema)},\n${takeRows(schema)}`,
};
