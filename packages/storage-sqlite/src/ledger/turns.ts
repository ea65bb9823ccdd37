import type { DispatchRecord, NewDispatch, RunKey } from '@patchbay/core/adapter';
import { neverDue, orderedCondition, parkingMs } from '../schema/tables.ts';
import { number, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { automationTarget } from './run-row.ts';

/** Names an ordering key. */
export type KeyName = readonly [tenant: string, target: string, key: string];

/** The ordering key of a dispatch, or `null`. */
export const keyNameOf = ({ key, ordering }: Pick<NewDispatch | DispatchRecord, 'key' | 'ordering'>): KeyName | null =>
  ordering === null ? null : [key.tenant, key.target, ordering.key];

const findNumber = `
  select ordering_number from dispatches
  where tenant = ? and root = ? and target = ? and replay = ? and ordering_key = ? limit 1`;
const countOn = `
  insert into ordering_numbers (only, last) values (1, 1) on conflict (only) do update set last = last + 1 returning last`;

/** The number of the dispatch's turn: what those before it in its run have, or the next. */
export function turnNumber(session: Session, { key, ordering }: NewDispatch): number | null {
  if (ordering === null) return null;
  const before = session.get(findNumber, key.tenant, key.root, key.target, key.replay, ordering.key);
  if (before !== undefined) return number(before, 'ordering_number');
  const next = session.get(countOn);
  if (next === undefined) throw new Error('The count of turns is gone.');
  return number(next, 'last');
}

const ofKey = `${orderedCondition} and tenant = ? and target = ? and ordering_key = ?`;
const findTurn = 'select number from ordering_turns where tenant = ? and target = ? and key = ?';
const findOpen = `select 1 as found from dispatches where ${ofKey} and ordering_number = ? limit 1`;
const findLowest = `select ordering_number from dispatches where ${ofKey} order by ordering_number limit 1`;
const setTurn = `
  insert into ordering_turns (tenant, target, key, number) values (?, ?, ?, ?)
  on conflict (tenant, target, key) do update set number = excluded.number`;
const dropTurn = 'delete from ordering_turns where tenant = ? and target = ? and key = ?';
const release = `
  update dispatches set due_at = max(turn_due_at, ?), parked = case when turn_due_at > ? then 1 else 0 end, turn_due_at = null
  where ${ofKey} and ordering_number = ? and turn_due_at is not null`;

/** The number that has the key: as long as it is open the same, then the lowest that is; `null` where none is. */
function passKey(session: Session, name: KeyName): number | null {
  const row = session.get(findTurn, ...name);
  const current = row === undefined ? null : number(row, 'number');
  if (current !== null && session.get(findOpen, ...name, current) !== undefined) return current;
  const lowest = session.get(findLowest, ...name);
  if (lowest === undefined) {
    if (current !== null) session.run(dropTurn, ...name);
    return null;
  }
  const next = number(lowest, 'ordering_number');
  session.run(setTurn, ...name, next);
  return next;
}

/**
 * Hands on a key whose turn has ended in this transaction, and lets what has its turn be claimed when it is due. What is stored or opened
 * again is written as waiting, and comes through here.
 */
export function passTurn(session: Session, name: KeyName | null, now: number): void {
  if (name === null) return;
  const turn = passKey(session, name);
  if (turn !== null) session.run(release, now, now + parkingMs, ...name, turn);
}

const keysOfRun = `
  select distinct ordering_key from dispatches
  where tenant = ? and root = ? and target = ? and replay = ? and ordering_key is not null`;

/** The same for every key of a run. */
export function passTurnsOfRun(session: Session, { tenant, root, automation, replay }: RunKey, now: number): void {
  const target = automationTarget(automation);
  for (const row of session.all(keysOfRun, tenant, root, target, replay))
    passTurn(session, [tenant, target, text(row, 'ordering_key')], now);
}

/** When a dispatch is due and whether it is parked, as the table has it: what is ordered waits for its turn first. */
export function dueValues(
  isOrdered: boolean,
  delayMs: number,
  now: number,
): readonly [dueAt: number, parked: 0 | 1, turnDueAt: number | null] {
  return isOrdered ? [neverDue, 1, now + delayMs] : [now + delayMs, delayMs > parkingMs ? 1 : 0, null];
}
