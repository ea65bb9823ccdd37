import type { DeferItem, FenceVerdict, Held } from '@patchbay/core/adapter';
import { malformed } from '../malformed.ts';
import type { State } from '../state.ts';
import { update } from '../structures/heap.ts';
import { enqueue, heldEntry, markInFlight, unlease } from './transitions.ts';

const done: FenceVerdict = { status: 'done' };
const fenced: FenceVerdict = { status: 'fenced' };

/** Marks leased dispatches as in flight. */
export function begin(state: State, items: readonly Held[]): FenceVerdict[] {
  const now = state.clock.now();
  return items.map((item) => {
    const entry = heldEntry(state, item);
    if (entry === undefined) return { ...fenced };
    markInFlight(entry, now);
    return { ...done };
  });
}

function deferItem(state: State, item: DeferItem, now: number): FenceVerdict {
  const entry = heldEntry(state, item);
  if (entry === undefined) {
    const given = state.handles.get(item.handle);
    const repeated = given?.key.tenant === item.tenant && given.lastWrite?.by === 'defer' && given.lastWrite.fence === item.fence;
    return repeated ? { ...done } : { ...fenced };
  }
  if (!Number.isFinite(item.delayMs)) throw malformed('The delay of a defer is no number. Give milliseconds, 0 for now.');
  entry.lastWrite = { by: 'defer', fence: entry.fence };
  if (item.nothingSent && entry.markedFirst) entry.firstSentAt = null;
  entry.inFlightSince = null;
  entry.reason = item.reason;
  unlease(state, entry);
  enqueue(state, entry, now + item.delayMs);
  return { ...done };
}

/** Gives leases back without an attempt. */
export function defer(state: State, items: readonly DeferItem[]): FenceVerdict[] {
  const now = state.clock.now();
  return items.map((item) => deferItem(state, item, now));
}

/** Extends what the holder holds and has not let run out. */
export function extend(state: State, request: { readonly holder: string; readonly ttlMs: number }): Held[] {
  const now = state.clock.now();
  const extended: Held[] = [];
  for (const entry of state.holders.get(request.holder) ?? []) {
    if ((entry.leaseUntil ?? 0) <= now) continue;
    entry.leaseUntil = now + request.ttlMs;
    update(state.leases, entry);
    extended.push({ tenant: entry.key.tenant, handle: entry.handle, fence: entry.fence });
  }
  return extended;
}
