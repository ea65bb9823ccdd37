import type { Statement } from '../database/database.ts';
import { orderedCondition, parkingMs } from '../schema/ledger-tables.ts';

const sameRun = (row: string, of: string): string =>
  `${row}.tenant = ${of}.tenant and ${row}.root = ${of}.root and ${row}.target = ${of}.target and ${row}.replay = ${of}.replay`;

const sameKey = (row: string, of: string): string =>
  `${row}.tenant = ${of}.tenant and ${row}.target = ${of}.target and ${row}.ordering_key = ${of}.key`;

const numberIn = (table: string): string => `
    (select s.ordering_number from ${table} s
      where ${sameRun('s', 'f')} and s.ordering_key = f.key and s.ordering_number is not null limit 1)`;

/** Gives what was stored without a number that of its run, or the next; in the order in which it was stored. */
const number = (keys: string): Statement => ({
  name: 'number_turns',
  text: (schema) => `
with fresh as materialized (
    select d.tenant, d.target, d.ordering_key as key, d.root, d.replay, min(d.handle) as handle
    from (select distinct tenant, target, key from ${keys}) k
    cross join lateral (
      select * from ${schema}.dispatches d where ${orderedCondition} and ${sameKey('d', 'k')} and d.ordering_number is null) d
    group by 1, 2, 3, 4, 5),
  found as materialized (
    select f.*, coalesce(${numberIn(`${schema}.dispatches`)}, ${numberIn(`${schema}.dispatch_history`)}) as known from fresh f),
  given as materialized (
    select o.*, coalesce(o.known, nextval('${schema}.ordering_numbers')) as number from (select * from found order by handle) o)
update ${schema}.dispatches d set ordering_number = g.number
from given g
where ${orderedCondition} and ${sameKey('d', 'g')} and d.ordering_number is null and d.root = g.root and d.replay = g.replay`,
});

/** A turn, `t`, stays while a dispatch of its number is open, or one that has ended dead and blocks. */
export const isOpenTurn = (schema: string): string => `
      (select true from ${schema}.dispatches d
        where ${orderedCondition} and ${sameKey('d', 't')} and d.ordering_number = t.number limit 1) is not null
      or (select true from ${schema}.dispatch_history h
        where ${sameRun('h', 't')} and h.ordering_key = t.key and h.status = 'dead' and h.on_dead = 'block' limit 1) is not null`;

/**
 * Hands on the keys whose turn has ended: to the lowest number that is open, or to nobody. What has its turn may be claimed when it is
 * due; what is stored or opened again is written as waiting, and is let go here. It is due no earlier than now: who claims looks for what is due newly.
 */
const pass = (keys: string): Statement => ({
  name: 'pass_turns',
  text: (schema) => `
with moment as materialized (select ${schema}.clock() as now),
  turn as materialized (
    select t.* from (select distinct tenant, target, key from ${keys}) k
    cross join lateral (
      select * from ${schema}.ordering_turns x where x.tenant = k.tenant and x.target = k.target and x.key = k.key limit 1) t),
  kept as materialized (select t.tenant, t.target, t.key, t.number from turn t where t.number is not null and (${isOpenTurn(schema)})),
  next as materialized (
    select t.tenant, t.target, t.key, n.number, n.root, n.replay from turn t
    left join lateral (
      select d.ordering_number as number, d.root, d.replay from ${schema}.dispatches d
      where ${orderedCondition} and ${sameKey('d', 't')} order by d.ordering_number limit 1) n on true
    where not exists (select from kept k where k.tenant = t.tenant and k.target = t.target and k.key = t.key)),
  passed as (
    update ${schema}.ordering_turns t set number = n.number, root = n.root, replay = n.replay
    from next n where t.tenant = n.tenant and t.target = n.target and t.key = n.key and n.number is not null),
  gone as (
    delete from ${schema}.ordering_turns t using next n
    where t.tenant = n.tenant and t.target = n.target and t.key = n.key and n.number is null),
  current as materialized (
    select tenant, target, key, number from kept union all select tenant, target, key, number from next where number is not null),
  waiting as materialized (
    select d.handle from current c
    cross join lateral (
      select d.handle from ${schema}.dispatches d
      where ${orderedCondition} and ${sameKey('d', 'c')} and d.ordering_number = c.number and d.turn_due_at is not null) d)
update ${schema}.dispatches d set due_at = greatest(d.turn_due_at, m.now), turn_due_at = null,
  parked = d.turn_due_at > m.now + ${parkingMs} * interval '1 millisecond'
from moment m where d.handle = any (array(select handle from waiting))`,
});

/** What is to be done, in this order, once the dispatches of some locked keys have changed. `keys`: table expression of their names. */
export const passStatements = (keys: string): readonly Statement[] => [number(keys), pass(keys)];
