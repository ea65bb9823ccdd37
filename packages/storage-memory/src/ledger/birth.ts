import type { BirthLease, ClaimedDispatch, NewDispatch } from '@patchbay/core/adapter';
import type { State } from '../state.ts';
import { addByKey, findByKey } from '../structures/keyed-list.ts';
import { claimedRecord } from './copies.ts';
import { type DispatchEntry, dispatchPlace, type RootEntry, runPlace } from './entries.ts';
import type { Prepared } from './prepare.ts';
import { beBorn } from './transitions.ts';
import { joinTurn } from './turns.ts';

/** A lease for what a call stores, with the name of that call under the root: its repeat answers what is still in this lease. */
export interface Birth extends BirthLease {
  readonly by: string;
}

/** The birth that a call asks for. */
export const birthOf = (lease: BirthLease | null, by: string): Birth | null => (lease === null ? null : { ...lease, by });

/** Puts prepared runs and dispatches under their root and answers those that were born leased. Cannot fail. */
export function storePrepared(state: State, root: RootEntry, prepared: Prepared, birth: Birth | null, now: number): ClaimedDispatch[] {
  for (const run of prepared.runs.elements) {
    addByKey(runPlace, root.runs, run);
    if (run.status === 'running') root.open += 1;
  }
  const leased: ClaimedDispatch[] = [];
  for (const entry of prepared.dispatches.elements) {
    addByKey(dispatchPlace, root.dispatches, entry);
    state.handles.set(entry.handle, entry);
    root.open += 1;
    joinTurn(state, entry);
    const taker = birth !== null && leased.length < birth.limit ? birth : null;
    if (beBorn(state, entry, taker, now)) leased.push(claimedRecord(entry, now));
  }
  return leased;
}

/** What the call of that name answered for these dispatches, as far as it is still in its first lease. */
export function stillBorn(root: RootEntry, dispatches: readonly NewDispatch[], birth: Birth | null, now: number): ClaimedDispatch[] {
  const entries = [...new Set(dispatches.map(({ key }) => findByKey(dispatchPlace, root.dispatches, key)))];
  const isBorn = (entry: DispatchEntry): boolean =>
    birth !== null && entry.bornBy === birth.by && entry.holder === birth.holder && (entry.leaseUntil ?? 0) > now;
  return entries.flatMap((entry) => (entry !== undefined && isBorn(entry) ? [claimedRecord(entry, now)] : []));
}
