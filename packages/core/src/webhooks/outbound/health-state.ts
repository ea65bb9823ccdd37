import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';

/** How an endpoint has been failing, shared by all processes. One that works has none. Times are milliseconds since 1970 on the store's clock. */
export interface HealthState {
  /** Failures in a row. */
  readonly failures: number;
  /** Answers 429 and 503 in a row. */
  readonly throttles: number;
  /** The first of those failures, and the last. */
  readonly failingSince: number;
  readonly lastFailureAt: number;
  /** How often the breaker has opened since it last worked. */
  readonly opens: number;
  /** Until when nothing is tried where it is broken. */
  readonly openUntil: number;
}

/** Failures in a row after which the breaker opens. With as many under way as an endpoint usually has, fewer than 20 go out before it does. */
export const opensAfter = 10;

/** Failures that are left to a breaker whose trial succeeded: it opens again after three more, and is forgotten after another success. */
const leftAfterTrial = opensAfter - 3;

/** Milliseconds for which the breaker stays open the first time; doubled each time that a trial fails, up to the longest. */
const openMs = { first: 30_000, longest: 1_800_000 };

/** Milliseconds for which an endpoint that says 429 or 503 without a time is left alone; doubled each time in a row, up to the longest. */
const slowMs = { first: 5_000, longest: 600_000 };

/** Longer than any pause of the schedule with its jitter: after such a gap it is another failure that begins. 36 hours. */
const longestGapMs = 129_600_000;

/** After so long without a success an endpoint is disabled, milliseconds. Source: Standard Webhooks, "Disabling endpoints": five days. */
export const disableAfterMs = 432_000_000;

/** The state after a failure. `throttled`: it asked for less, which says nothing about whether it works. */
export function afterFailure(
  before: HealthState | null,
  { now, throttled }: { readonly now: number; readonly throttled: boolean },
): HealthState {
  const isNew = before === null || now - before.lastFailureAt > longestGapMs;
  const state = isNew ? { failures: 0, throttles: 0, failingSince: now, opens: 0, openUntil: 0 } : before;
  const counted = throttled ? { throttles: state.throttles + 1 } : { failures: state.failures + 1 };
  const next = { ...state, ...counted, lastFailureAt: now };
  // Those that were under way when it opened say nothing new; what fails later was a trial.
  if (!isBroken(next) || (isBroken(before) && now < next.openUntil)) return next;
  const opens = next.opens + 1;
  return { ...next, opens, openUntil: now + breakMs({ opens }) };
}

/** The state after a success: nothing is left of it, but after a trial the breaker stays wary. */
export function afterSuccess(before: HealthState): HealthState | null {
  if (!isBroken(before)) return null;
  return { ...before, failures: leftAfterTrial, throttles: 0 };
}

/** True while only a trial may go out. */
export const isBroken = (state: HealthState | null): boolean => (state?.failures ?? 0) >= opensAfter;

/** Milliseconds for which the breaker stays open. */
const breakMs = ({ opens }: Pick<HealthState, 'opens'>): number =>
  Math.min(openMs.longest, openMs.first * 2 ** Math.min(20, Math.max(0, opens - 1)));

/** Milliseconds for which a slowed endpoint is left alone. */
export const slowDownMs = ({ throttles }: HealthState): number =>
  Math.min(slowMs.longest, slowMs.first * 2 ** Math.min(20, Math.max(0, throttles - 1)));

/** True for one that has failed for so long that it is disabled. */
export const hasFailedTooLong = ({ failingSince, lastFailureAt }: HealthState): boolean => lastFailureAt - failingSince >= disableAfterMs;

/** The state as it was stored; `null` for what is none. */
export function readHealth(value: Json | undefined): HealthState | null {
  if (!isJsonObject(value)) return null;
  const figure = (name: keyof HealthState): number => (typeof value[name] === 'number' ? value[name] : 0);
  return {
    failures: figure('failures'),
    throttles: figure('throttles'),
    failingSince: figure('failingSince'),
    lastFailureAt: figure('lastFailureAt'),
    opens: figure('opens'),
    openUntil: figure('openUntil'),
  };
}
