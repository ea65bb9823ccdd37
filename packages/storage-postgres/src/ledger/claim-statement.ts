import type { Statement } from '../database/database.ts';
import { readyCondition } from '../schema/ledger-tables.ts';
import { openColumns } from './dispatch-record.ts';
import { laneIsOpen } from './lane-is-open.ts';
import { leaseAssignments } from './lease-assignments.ts';
import { beginLook, type Look } from './look.ts';
import { lookEverywhere } from './look-everywhere.ts';
import { lookIntoKnown } from './look-into-known.ts';
import { joinRun, runColumns } from './run-record.ts';

const isEligible = `
      ${readyCondition} and d.work_class = w.work_class and d.tenant = w.tenant and d.lane = w.lane and d.due_at >= w.due
        and d.due_at <= (select now from moment) and d.handler = any ($3::text[])`;

/**
 * Common table expressions that choose: of the lanes that are open and have something due, the rows of each tenant up to its part, and of
 * these up to the limits, in turns. Nothing is looked for before the first row that waits in a lane. What another claim is taking is
 * passed over.
 */
const chooseRows = (schema: string): string => `  heads as materialized (
    select v.work_class, v.tenant, v.turn, v.lane, (
      select d.due_at from ${schema}.dispatches d
      where ${readyCondition} and d.work_class = v.work_class and d.tenant = v.tenant and d.lane = v.lane and d.due_at >= v.floor
      order by d.due_at limit 1) as due
    from visited v),
  servable as materialized (
    select w.work_class, w.tenant, w.turn, w.lane, w.due from heads w
    where w.due <= (select now from moment) and ${laneIsOpen(schema, 'w.tenant', 'w.lane')}
      and w.tenant || e'\\n' || w.lane <> all ($11::text[])
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

/** Leases what was chosen, and says where the next claim begins and whether it would find more. */
const takeRows = (schema: string, look: Look): string => `  taken as (
    update ${schema}.dispatches d set ${leaseAssignments({ holder: '$1', leaseMs: '$2', now: 'm.now' })}
    from moment m where d.ctid = any (array(select tuple from picked))
    returning d.*),
  ends as (
    select q.work_class, coalesce(
      case when q.quota < (select max(p.waiting) from part p where p.work_class = q.work_class)
        or q.room < (select max(r.rank) from ranked r where r.work_class = q.work_class)
        then (select k.turn from picked k where k.work_class = q.work_class order by k.rank desc limit 1) end,
      (select max(s.turn) from stops s where s.work_class = q.work_class)) as turn
    from (select * from quota join room using (work_class)) q),
  cursors as (select s.work_class, s.tenant from stops s join ends e using (work_class, turn))
select ${openColumns(schema, 't')}, t.handle, ${schema}.millis(m.now) as store_now, ${runColumns(schema, 'r')},
  (select c.tenant from cursors c where c.work_class = 'live') as live_cursor,
  (select c.tenant from cursors c where c.work_class = 'replay') as replay_cursor,
  ${look.laneMoves} as lane_moves,
  (select json_agg(json_build_object(
    'workClass', h.work_class, 'tenant', h.tenant, 'lane', h.lane, 'due', ${schema}.millis(h.due)))
    from heads h where h.due is not null) as lane_heads,
  ${schema}.millis(${schema}.clock()) - ${schema}.millis(m.now) as took,
  ${look.unseen} as unseen,
  exists (select from greedy g where g.work_class = 'replay') as more_replays,
  exists (select from greedy)
    or exists (select from quota q where q.quota = 0 and (
      select true from ${schema}.dispatches d where ${readyCondition} and d.work_class = q.work_class order by d.tenant limit 1)) as more,
  (select e.parked from late e) as parked_due
from moment m left join taken t on true ${joinRun(schema, 't', 'r')}
order by t.due_at, t.handle`;

const claimBy = (name: string, look: Look): Statement => ({
  name,
  text: (schema) =>
    `${beginLook(schema)},\n${look.visit(schema)},\n${chooseRows(schema)}${look.moveOn(schema)},\n${takeRows(schema, look)}`,
});

/**
 * Leases due dispatches, fairly. A closed lane costs two probes however much waits in it. Each tenant that has something gets its part of
 * the limit, oldest due first, and where the limit cuts it takes turns. Rows that another claim is taking are passed over.
 *
 * Parameters: holder, lease in ms, handlers, total limit, then for live work and for replays the limit and the cursor, the class
 * whose limit comes first (the other gets what it leaves, and nothing of it while the first has more), whether to claim although parked
 * dispatches are due, which would come out of their turn, the lanes that are left out, and those of the look. One row without a dispatch where nothing was taken.
 */
export const claimStatement: Statement = claimBy('claim', lookEverywhere);

/** The same of the lanes alone that this process knows. */
export const claimKnownStatement: Statement = claimBy('claim_known', lookIntoKnown);
