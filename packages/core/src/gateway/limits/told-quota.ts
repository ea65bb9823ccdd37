import {
  heldIn,
  type LeasedSlice,
  lifeOf,
  liveIn,
  returnedWithinMs,
  returnsAt,
  type SliceRequest,
  sliceOf,
  withoutThose,
  withSlice,
} from './lease-slice.ts';
import type { QuotaState } from './quota-state.ts';

/** What an answer tells of a limit, on the store's clock. */
export interface ToldQuota {
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  /** The window ends between these two: an answer may have been on its way for a while. `undefined`: it does not say. */
  readonly endsFrom: number | undefined;
  readonly endsTo: number | undefined;
  readonly windowMs: number | undefined;
}

/** Two ends of a window that are as near as this are one, milliseconds: headers tell whole seconds. Of a short window it is a quarter. */
const longestTolerance = 2_000;

/** Length of a window of which nobody tells anything, milliseconds. */
const guessedMs = 60_000;

/** Time for which a new window is taken to last where only ends of windows were told: a shorter guess would fill it twice. The next answer corrects it. */
const uncertainMs = 900_000;

/** Time without any answer after which a window is taken to be over whose length nobody has told, milliseconds. */
const silentMs = 300_000;

/** Time after which a request has its answer, milliseconds, or never gets one. */
const answeredMs = 30_000;

/**
 * Leases a slice of a limit that the provider tells. What no process has taken is counted down; the provider's word lowers it, and its next window fills it
 * again. Nobody's slice lives beyond the end of the window.
 */
export function leaseTold(stored: QuotaState, request: SliceRequest, told?: ToldQuota): LeasedSlice {
  const { holder, now } = request;
  // All that it has not used goes back, and is taken again if the window is still the same and the provider has as much.
  const had = stored.slices[holder] ?? { count: 0, until: 0 };
  const unused = Math.max(0, had.count - request.used);
  const back = Math.min(Math.max(stored.limit, stored.remaining), stored.remaining + unused);
  const before = withSlice({ ...stored, remaining: back }, holder, { count: 0, until: 0 });
  const known = advanceTold(told === undefined ? before : mergeTold(before, told, now), now);
  // Of a limit that nobody has told one request a second finds out how it stands.
  const begun = known.limit === 0 ? { ...known, limit: 1, remaining: 1, resetsAt: now + 1_000, isGuess: true } : known;
  // Whoever was to find out how a guess stands has had no answer.
  const state = begun.asksAt !== null && begun.asksAt <= now && begun.remaining === 0 ? { ...begun, remaining: 1 } : begun;
  const closedUntil = state.closedUntil ?? 0;
  const wanted = request.wanted === 0 ? 0 : Math.max(request.wanted, request.left);
  const count = closedUntil > now ? 0 : sliceOf(state, state.remaining, { left: 0, wanted, now });
  const resetsAt = state.resetsAt ?? Number.POSITIVE_INFINITY;
  const until = Math.min(now + lifeOf(state.windowMs, request.storeMs), resetsAt);
  const endsFrom = state.isGuess ? resetsAt : (state.endsFrom ?? resetsAt);
  const lateFrom = endsFrom - nearMs(state);
  // What it had already and takes again is counted where it was taken first, where that was late as well.
  const counted = had.until > lateFrom ? unused : 0;
  const late = until > lateFrom ? Math.max(0, count - counted) : 0;
  const left = state.remaining - count;
  const asksAt = state.isGuess && left === 0 ? (count > 0 ? now + patienceMs(state) : state.asksAt) : null;
  const taken = { ...state, remaining: left, asksAt, late: Math.min(state.limit, state.late + late) };
  const changesAt = Math.min(state.resetsAt ?? 0, taken.asksAt ?? Number.POSITIVE_INFINITY);
  return {
    state: withSlice(taken, holder, { count, until }),
    count,
    until,
    freeAt: closedUntil <= now && state.remaining > 0 ? 0 : Math.max(closedUntil, Math.min(changesAt, returnsAt(state.slices, now))),
  };
}

/**
 * The state at this time: slices that have ended are gone with what they held, those that may yet be given back excepted, and a window that has ended is a
 * new one.
 */
export function advanceTold(stored: QuotaState, now: number): QuotaState {
  const isOver = stored.resetsAt !== null && stored.resetsAt <= now;
  const slices = withoutThose(stored.slices, ({ until }) => (isOver ? until : until + returnedWithinMs) <= now);
  const closedUntil = (stored.closedUntil ?? 0) > now ? stored.closedUntil : null;
  const state = { ...stored, slices, closedUntil };
  if (!isOver) return state;
  // What went out just before the end may have arrived behind it.
  const remaining = Math.max(0, stored.limit - stored.late - heldIn(slices));
  const lastsMs = stored.isLearned ? Math.max(uncertainMs, stored.windowMs ?? 0) : (stored.windowMs ?? guessedMs);
  const guess = { ...state, remaining, late: 0, resetsAt: now + lastsMs, endsFrom: stored.resetsAt, isGuess: true, asksAt: null };
  // Where all of them may have, their answers tell of the new window. If none has come by then, one more request finds out how it stands.
  const isSpent = remaining === 0 && stored.late >= stored.limit && lastsMs > answeredMs;
  return isSpent ? { ...guess, late: stored.limit - 1, resetsAt: now + answeredMs } : guess;
}

/** The state after an answer's word, in whatever order answers come. Within one window the lower figure holds. */
export function mergeTold(stored: QuotaState, told: ToldQuota, now: number): QuotaState {
  const isNew = stored.limit === 0;
  const known = isNew ? stored : advanceTold(stored, now);
  // Where nobody tells it, one request at least finds out how it stands.
  const limit = told.limit ?? Math.max(1, known.limit, told.remaining ?? 0);
  const remaining = told.remaining ?? limit;
  const endsFrom = told.endsFrom ?? now;
  const endsTo = told.endsTo ?? now + (told.windowMs ?? known.windowMs ?? guessedMs);
  // The window that it tells of is over, or its clock is wrong.
  if (endsTo <= now) return isNew ? { ...known, limit, remaining: limit, resetsAt: now + guessedMs, endsFrom: now, isGuess: true } : known;
  const isLearned = told.windowMs === undefined && told.endsTo !== undefined;
  const windowMs = told.windowMs ?? (isLearned ? Math.max(known.isLearned ? (known.windowMs ?? 0) : 0, endsTo - now) : known.windowMs);
  const slices = liveIn(known.slices, now);
  const held = heldIn(slices);
  const fresh = { ...known, limit, windowMs, isLearned, resetsAt: endsTo, endsFrom, isGuess: false, asksAt: null };
  const lower = Math.min(known.remaining, remaining);
  if (isNew) return { ...fresh, slices, remaining: Math.max(0, remaining - held) };
  const toleranceMs = Math.min(longestTolerance, Math.max(20, (windowMs ?? guessedMs) / 4));
  // What may end before our guess began is of the window before.
  if (known.isGuess && endsFrom <= (known.endsFrom ?? 0) + toleranceMs) return known;
  // It may have ended already: then all that went out since our guess began may be of the next one.
  const late =
    known.isGuess && endsFrom <= now + nearMs(fresh) ? Math.min(limit, Math.max(known.late, limit - known.remaining)) : known.late;
  if (known.isGuess || known.resetsAt === null) return { ...fresh, remaining: lower, late };
  if (endsFrom - toleranceMs > known.resetsAt) return { ...fresh, slices, remaining: Math.max(0, remaining - held - known.late), late: 0 };
  // Two words of one end: it is where both agree.
  if (endsTo + toleranceMs >= known.resetsAt) {
    const resetsAt = Math.min(known.resetsAt, endsTo);
    return {
      ...known,
      limit,
      windowMs,
      isLearned,
      remaining: lower,
      resetsAt,
      endsFrom: Math.min(resetsAt, Math.max(known.endsFrom ?? resetsAt, endsFrom)),
    };
  }
  // It ends sooner than was told before: a quick answer's word is taken, one that was long on its way may be of the window before.
  const isQuick = endsTo - endsFrom <= toleranceMs && endsTo > now + toleranceMs;
  return isQuick ? { ...fresh, remaining: lower } : known;
}

/** Milliseconds without an answer after which one more request finds out how a guess stands that is used up: by then its window is over by every sign. */
function patienceMs({ windowMs, isLearned }: Pick<QuotaState, 'windowMs' | 'isLearned'>): number {
  return Math.min(uncertainMs, Math.max(isLearned ? silentMs : answeredMs, 2 * (windowMs ?? guessedMs)));
}

/** Milliseconds before the end in which a request may count for the window after. */
function nearMs({ windowMs }: Pick<QuotaState, 'windowMs'>): number {
  return Math.min(2_000, Math.max(20, (windowMs ?? guessedMs) / 20));
}
