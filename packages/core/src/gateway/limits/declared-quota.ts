import {
  heldIn,
  type LeasedSlice,
  lifeOf,
  returnedWithinMs,
  returnsAt,
  type SliceRequest,
  sliceOf,
  withoutThose,
  withSlice,
} from './lease-slice.ts';
import type { QuotaState, Slice } from './quota-state.ts';

/** A limit that somebody has declared: so many requests in any stretch of that length. */
export interface DeclaredQuota {
  readonly limit: number;
  readonly windowMs: number;
}

type Used = QuotaState['used'][number];

/**
 * Leases a slice of a declared limit. Nobody knows when the provider's windows begin, so no stretch of that length may hold more than the limit: a request
 * counts from when it was made until a window later, one that a process has leased and not told of until a window after its slice has ended.
 */
export function leaseDeclared(stored: QuotaState, quota: DeclaredQuota, request: SliceRequest): LeasedSlice {
  const { holder, now } = request;
  // Without its slice it was taken for used by somebody: what it tells came after its time.
  const isKnown = Object.hasOwn(stored.slices, holder);
  const { left, used } = isKnown ? request : { left: 0, used: 0 };
  const before = withSlice(stored, holder, { count: 0, until: 0 });
  const told = used === 0 ? before : { ...before, used: usedAfter(before.used, [roundUp(request.usedAt, quota), used]) };
  const state = advance(told, quota, now);
  const taken = countOf(state.used) + heldIn(state.slices) + left;
  const closedUntil = state.closedUntil ?? 0;
  const remaining = closedUntil > now ? 0 : Math.max(0, quota.limit - taken);
  const count = left + sliceOf(state, remaining, { left, wanted: request.wanted, now });
  const until = now + lifeOf(quota.windowMs, request.storeMs);
  return {
    state: withSlice(state, holder, { count, until }),
    count,
    until,
    freeAt: count > 0 || remaining > 0 ? 0 : Math.max(closedUntil, Math.min(freedAt(state, quota, now), returnsAt(state.slices, now))),
  };
}

/** What may be taken at this moment, slices of processes counted as used. */
export function remainingDeclared(stored: QuotaState, quota: DeclaredQuota, now: number): number {
  const state = advance(stored, quota, now);
  return Math.max(0, quota.limit - countOf(state.used) - heldIn(state.slices));
}

/** When the first of what is used is free again; a window from now where nothing will be. */
function freedAt(state: QuotaState, quota: DeclaredQuota, now: number): number {
  const ends: Used[] = [...state.used, ...Object.values(state.slices).map(({ count, until }): Used => [until, count])].sort(
    (a, b) => a[0] - b[0],
  );
  let over = ends.reduce((sum, [, count]) => sum + count, 0) - quota.limit;
  for (const [at, count] of ends) {
    over -= count;
    if (over < 0) return Math.ceil(at + spanOf(quota));
  }
  return now + quota.windowMs;
}

/** Takes away what counts no more, and takes slices for used that ended a while ago: their process has died, or told too late. Until then they count. */
function advance(stored: QuotaState, quota: DeclaredQuota, now: number): QuotaState {
  const span = spanOf(quota);
  const isOver = ({ until }: Slice): boolean => until + Math.min(span, returnedWithinMs) <= now;
  const slices = withoutThose(stored.slices, isOver);
  let used = stored.used;
  if (slices !== stored.slices)
    for (const slice of Object.values(stored.slices)) if (isOver(slice)) used = withUse(used, [roundUp(slice.until, quota), slice.count]);
  const closedUntil = (stored.closedUntil ?? 0) > now ? stored.closedUntil : null;
  return { ...stored, ...quota, slices, closedUntil, used: used.filter(([at]) => at + span > now) };
}

/** A window and a little more: the clocks of processes differ, and so do the ways of two requests. */
function spanOf({ windowMs }: DeclaredQuota): number {
  return windowMs + Math.min(1_000, Math.max(1, windowMs / 200));
}

/** Times are kept to the hundredth of a window, so that the list stays short. */
function roundUp(at: number, { windowMs }: DeclaredQuota): number {
  const grain = Math.max(1, Math.floor(windowMs / 100));
  return Math.ceil(at / grain) * grain;
}

const usedAfter = (known: QuotaState['used'], [at, count]: Used): QuotaState['used'] =>
  count > 0 ? withUse(known, [at, count]) : withoutUse(known, -count);

/** So many of the last ones were not made. */
function withoutUse(used: QuotaState['used'], count: number): QuotaState['used'] {
  let left = count;
  return used
    .toReversed()
    .flatMap(([at, made]): Used[] => {
      const taken = Math.min(left, made);
      left -= taken;
      return made === taken ? [] : [[at, made - taken]];
    })
    .toReversed();
}

function withUse(used: QuotaState['used'], [at, count]: Used): QuotaState['used'] {
  const same = used.findIndex(([known]) => known === at);
  if (same >= 0) return used.map((entry, index): Used => (index === same ? [at, entry[1] + count] : entry));
  const behind = used.findIndex(([known]) => known > at);
  return behind < 0 ? [...used, [at, count]] : [...used.slice(0, behind), [at, count], ...used.slice(behind)];
}

function countOf(used: QuotaState['used']): number {
  let total = 0;
  for (const [, count] of used) total += count;
  return total;
}
