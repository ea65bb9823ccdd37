import { isOpen } from '../gates.ts';
import type { State } from '../state.ts';
import { push, remove } from '../structures/heap.ts';
import { addWork, removeWork } from '../work/work-index.ts';
import type { DispatchEntry } from './entries.ts';
import { leaveTurn, waitsForTurn } from './turns.ts';

/** Makes a dispatch that stands nowhere wait until it is due, and its turn has come. */
export function enqueue(state: State, entry: DispatchEntry, dueAt: number): void {
  entry.status = 'pending';
  entry.dueAt = dueAt;
  if (waitsForTurn(entry)) entry.turn?.waiting.add(entry);
  else if (entry.crashes > 0) push(state.suspects, entry);
  else addWork(state.work[entry.workClass], entry);
}

/** Takes a pending dispatch out of what waits. */
export function dequeue(state: State, entry: DispatchEntry): void {
  if (entry.turn?.waiting.delete(entry)) return;
  if (entry.crashes > 0) remove(state.suspects, entry);
  else removeWork(state.work[entry.workClass], entry);
}

/** Marks a leased dispatch as in flight, once per lease. */
export function markInFlight(entry: DispatchEntry, now: number): void {
  if (entry.inFlightSince !== null) return;
  entry.inFlightSince = now;
  if (entry.firstSentAt !== null) return;
  entry.firstSentAt = now;
  entry.markedFirst = true;
}

/** Leases a dispatch that stands nowhere. */
export function lease(
  state: State,
  entry: DispatchEntry,
  taker: { readonly holder: string; readonly ttlMs: number; readonly now: number },
): void {
  entry.status = 'leased';
  entry.fence += 1;
  entry.holder = taker.holder;
  entry.leaseUntil = taker.now + taker.ttlMs;
  entry.leasedAt = taker.now;
  entry.bornBy = null;
  entry.inFlightSince = null;
  entry.markedFirst = false;
  entry.lastWrite = null;
  if (entry.mark === 'claim') markInFlight(entry, taker.now);
  push(state.leases, entry);
  const held = state.holders.get(taker.holder);
  if (held === undefined) state.holders.set(taker.holder, new Set([entry]));
  else held.add(entry);
}

/** Ends a lease; the dispatch then stands nowhere. */
export function unlease(state: State, entry: DispatchEntry): void {
  remove(state.leases, entry);
  const held = state.holders.get(entry.holder ?? '');
  held?.delete(entry);
  if (held?.size === 0) state.holders.delete(entry.holder ?? '');
  entry.holder = null;
  entry.leaseUntil = null;
  entry.bornBy = null;
}

/** Gives a dispatch that stands nowhere its final status. */
export function finish(state: State, entry: DispatchEntry, status: 'succeeded' | 'dead' | 'cancelled', now: number): void {
  entry.status = status;
  entry.finishedAt = now;
  entry.reason = null;
  entry.root.open -= 1;
  state.handles.delete(entry.handle);
  if (status !== 'dead' || entry.ordering?.onDead !== 'block') leaveTurn(state, entry);
}

/** Lets a new dispatch wait, or leases it at once where there is a taker, it is due, its lane is open and nothing orders it. True when leased. */
export function beBorn(
  state: State,
  entry: DispatchEntry,
  taker: { readonly holder: string; readonly ttlMs: number; readonly by: string } | null,
  now: number,
): boolean {
  if (taker === null || entry.ordering !== null || entry.dueAt > now || !isOpen(state.gates, entry.key.tenant, entry.lane, now)) {
    enqueue(state, entry, entry.dueAt);
    return false;
  }
  lease(state, entry, { holder: taker.holder, ttlMs: taker.ttlMs, now });
  entry.bornBy = taker.by;
  return true;
}

/** The dispatch that this lease still holds, whether or not its time has passed: nobody else has taken it over. */
export function heldEntry(
  state: State,
  held: { readonly tenant: string; readonly handle: string; readonly fence: number },
): DispatchEntry | undefined {
  const entry = state.handles.get(held.handle);
  return entry !== undefined && entry.status === 'leased' && entry.fence === held.fence && entry.key.tenant === held.tenant
    ? entry
    : undefined;
}
