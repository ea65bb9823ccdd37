import type { BirthLease, ClaimedDispatch, NewDispatch, NewRun } from '@patchbay/core/adapter';
import { parkingMs } from '../schema/tables.ts';
import { insertInto } from '../sql/insert.ts';
import { malformed } from '../sql/refusal.ts';
import { number, type Row } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { byKey, keyValues } from './dispatch-row.ts';
import { isOpen } from './gate-check.ts';
import { claimedDispatch, leaseDispatch } from './lease.ts';
import { insertRun } from './run-row.ts';
import { dueValues, keyNameOf, passTurn, turnNumber } from './turns.ts';

/** A lease for what a call stores, with the name of that call under the root: its repeat answers what is still in this lease. */
export interface Birth extends BirthLease {
  readonly by: string;
}

/** The birth that a call asks for. */
export const birthOf = (lease: BirthLease | null, by: string): Birth | null => (lease === null ? null : { ...lease, by });

/** Checks a delay: SQLite would take what is no number for nothing. Throws `invalid_argument`. */
export function checkDelay(delayMs: number, of: string): void {
  if (!Number.isFinite(delayMs)) throw malformed(`The delay of ${of} is no number. Give milliseconds, 0 for now.`);
}

/** Whether what waits so long is parked, as the table has it. */
export const parkedFor = (delayMs: number): 0 | 1 => (delayMs > parkingMs ? 1 : 0);

/** The place of runs and dispatches that come together. */
export interface Place {
  readonly tenant: string;
  readonly root: string;
}

function checkPlace(place: Place, key: Place): void {
  if (key.tenant === place.tenant && key.root === place.root) return;
  throw malformed('A run or dispatch names another tenant or root than the item that brings it. Give it the key of its own event.');
}

const insert = insertInto(
  'dispatches',
  [
    ...['tenant', 'root', 'target', 'replay', 'path', 'handler', 'lane', 'work_class', 'operation', 'connection', 'version', 'mark'],
    ...['on_unknown', 'status', 'created_at', 'due_at', 'parked', 'turn_due_at', 'ordering_key', 'on_dead', 'ordering_number', 'input'],
  ],
  'on conflict do nothing returning handle',
);

/** Stores a dispatch and answers its number in the table, or `null` where there is one of its key. */
function insertDispatch(session: Session, dispatch: NewDispatch, now: number): number | null {
  const { key, handler, lane, workClass, operation, connection, version, mark, onUnknown, ordering, delayMs, input } = dispatch;
  const words = [handler, lane, workClass, operation, connection, version, mark, onUnknown, 'pending'] as const;
  const due = dueValues(ordering !== null, delayMs, now);
  const turn = [ordering?.key ?? null, ordering?.onDead ?? null, turnNumber(session, dispatch)] as const;
  const row = session.get(insert, ...keyValues(key), ...words, now, ...due, ...turn, input);
  return row === undefined ? null : number(row, 'handle');
}

/**
 * Stores runs and dispatches under their root and answers those that were born leased: due, in an open lane and not ordered. What is stored already
 * is left as it is. Throws `invalid_argument` for a key of another tenant or root and for a delay that is no number.
 */
export function storePlan(
  session: Session,
  place: Place,
  plan: { readonly runs: readonly NewRun[]; readonly dispatches: readonly NewDispatch[] },
  birth: Birth | null,
  now: number,
): ClaimedDispatch[] {
  for (const run of plan.runs) {
    checkPlace(place, run.key);
    insertRun(session, run, now);
  }
  const leased: ClaimedDispatch[] = [];
  for (const dispatch of plan.dispatches) {
    checkPlace(place, dispatch.key);
    checkDelay(dispatch.delayMs, 'a dispatch');
    const handle = insertDispatch(session, dispatch, now);
    passTurn(session, keyNameOf(dispatch), now);
    if (handle === null || birth === null || dispatch.ordering !== null || leased.length >= birth.limit || dispatch.delayMs > 0) continue;
    if (isOpen(session, place.tenant, dispatch.lane, now)) leased.push(leaseDispatch(session, handle, birth, now));
  }
  return leased;
}

const findBorn = `select * from dispatches where ${byKey} and status = 'leased' and born_by = ? and holder = ? and lease_until > ?`;

/** What the call of that name answered for these dispatches, as far as it is still in its first lease. */
export function stillBorn(session: Session, dispatches: readonly NewDispatch[], birth: Birth | null, now: number): ClaimedDispatch[] {
  if (birth === null) return [];
  const rows = new Map<number, Row>();
  for (const { key } of dispatches) {
    const row = session.get(findBorn, ...keyValues(key), birth.by, birth.holder, now);
    if (row !== undefined) rows.set(number(row, 'handle'), row);
  }
  return [...rows.values()].map((row) => claimedDispatch(session, row, now));
}
