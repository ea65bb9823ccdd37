import type { QuotaState, Slice } from './quota-state.ts';

/** What a process asks for, and what it tells of the slice that it had. */
export interface SliceRequest {
  /** Unique to the process. */
  readonly holder: string;
  /** Now, on the store's clock. */
  readonly now: number;
  /** Requests of its slice that it has not made and still may make. */
  readonly left: number;
  /** Requests of its slice that it has made since it last told, and when the last of them was. Below 0: so many that it has told of were not made. */
  readonly used: number;
  readonly usedAt: number;
  /** Requests that it expects to make before the slice ends; 0 takes none. */
  readonly wanted: number;
  /** Milliseconds that the store takes to answer: a slice that ended sooner would be of no use. @default 0 */
  readonly storeMs?: number;
}

/** A slice, or when there may be one. */
export interface LeasedSlice {
  readonly state: QuotaState;
  /** What the process holds now, what it had left included. */
  readonly count: number;
  readonly until: number;
  /** Nothing is to be had before, on the store's clock; 0 where something is, whether or not it was wanted. */
  readonly freeAt: number;
}

/** Longest life of a slice, milliseconds, as long as the store answers sooner. */
const longestLifeMs = 1_000;

/** Longest life where the store is slow, milliseconds. */
const longestSlowMs = 10_000;

/** Milliseconds for which a slice that has ended can still be given back: its process looks at it a while later, and others write meanwhile. */
export const returnedWithinMs = 60_000;

/** Milliseconds after which a slice that has ended is looked for again. */
const lookedForMs = 1_000;

/** A slice is at most this part of what remains. */
const part = 10;

/** Near the end of a quota it is still this part of the limit, or each request would be leased by itself. */
const leastPart = 100;

/** How long a slice of such a window lives. Short windows have short slices, or a slice would be used in the window after its own. */
export function lifeOf(windowMs: number | null, storeMs = 0): number {
  const plain = windowMs === null ? longestLifeMs : Math.min(longestLifeMs, Math.max(20, Math.floor(windowMs / 10)));
  return Math.max(plain, Math.min(longestSlowMs, Math.ceil(storeMs * 2)));
}

/** How many requests are to be added to what is left, of those that remain. */
export function sliceOf(
  { limit, slices }: Pick<QuotaState, 'limit' | 'slices'>,
  remaining: number,
  { left, wanted, now }: Pick<SliceRequest, 'left' | 'wanted' | 'now'>,
): number {
  let others = 1;
  for (const name in slices) if ((slices[name]?.until ?? 0) > now) others += 1;
  const shared = Math.min(Math.floor(limit / leastPart), Math.floor(remaining / others));
  const most = Math.max(1, shared, Math.floor((remaining + left) / part));
  return Math.max(0, Math.min(wanted - left, remaining, most - left));
}

/** The state with the process's slice as it is now. Without any it has none. */
export function withSlice(state: QuotaState, holder: string, slice: Slice): QuotaState {
  const { [holder]: _, ...others } = state.slices;
  return { ...state, slices: slice.count === 0 ? others : { ...others, [holder]: slice } };
}

/** When something may have come back of what others hold; infinity where they hold nothing. */
export function returnsAt(slices: QuotaState['slices'], now: number): number {
  let at = Number.POSITIVE_INFINITY;
  for (const name in slices) at = Math.min(at, Math.max(now, slices[name]?.until ?? now) + lookedForMs);
  return at;
}

/** The slices that may still be used. */
export function liveIn(slices: QuotaState['slices'], now: number): QuotaState['slices'] {
  return withoutThose(slices, ({ until }) => until <= now);
}

/** The slices without those of which it is true; the same object where it is true of none. */
export function withoutThose(slices: QuotaState['slices'], isOver: (slice: Slice) => boolean): QuotaState['slices'] {
  const kept = Object.entries(slices).filter(([, slice]) => !isOver(slice));
  return kept.length === Object.keys(slices).length ? slices : Object.fromEntries(kept);
}

/** What all slices hold together. */
export function heldIn(slices: QuotaState['slices']): number {
  let held = 0;
  for (const name in slices) held += slices[name]?.count ?? 0;
  return held;
}
