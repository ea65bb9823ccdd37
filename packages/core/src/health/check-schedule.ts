import type { HealthState, NextCheck } from './health-state.ts';

/** How often services are looked at. */
export interface CheckTimes {
  /** Milliseconds between two looks at a connection that is used. */
  readonly checkEveryMs: number;
  /** A number from 0 to 1. */
  readonly chance: number;
  readonly now: number;
  /** When the account was connected, milliseconds since 1970: that is a use of it. */
  readonly connectedAt: number;
}

/** A connection that nobody has used for a day is looked at so many times less often. */
const idleTimes = 4;
const idleAfterMs = 86_400_000;

/** Milliseconds after which one that has failed is looked at again; doubled with each look that fails, up to the usual time. */
const soonMs = 60_000;

/** Part of the time by which a look comes earlier or later, so that those that began together do not stay together. */
const spread = 0.2;

/** Milliseconds by which a look may be late before it is put off: several turns of those who look. */
const longLateMs = 300_000;

/** Whether a service is to be looked at now. */
export type CheckVerdict = 'wait' | 'look' | 'put_off';

/**
 * Whether it is time. One that was never planned, or was due long ago because nobody was there to look, is put off once to a time of its own, so that a
 * restart does not look at all of them at once.
 */
export function checkVerdict({ next }: HealthState, now: number): CheckVerdict {
  if (next === null) return 'put_off';
  if (next.at > now) return 'wait';
  return now - next.at > longLateMs && !next.isPutOff ? 'put_off' : 'look';
}

/** When one that is put off is looked at: anywhere within the usual time. */
export const putOff = ({ now, chance, checkEveryMs }: CheckTimes): NextCheck => ({
  at: Math.floor(now + chance * checkEveryMs),
  isPutOff: true,
});

/** When it is looked at after a look that begins now. */
export function nextCheck(state: HealthState, times: CheckTimes): NextCheck {
  return { at: Math.floor(times.now + intervalOf(state, times) * jitter(times.chance)), isPutOff: false };
}

/**
 * The state after something has failed: the service is looked at soon, where it would be later; after a look that failed, at the pace of those. One that
 * is not planned stays so.
 */
export function broughtForward(state: HealthState, { now, chance, hasLooked }: BringForward): HealthState {
  const { next, check } = state;
  const failed = check?.failedInRow ?? 0;
  // Calls that fail while looks fail too say nothing new.
  if (next === null || (failed > 0 && !hasLooked)) return state;
  const at = Math.floor(now + (failed > 0 ? soonMs * 2 ** Math.min(20, failed) : soonMs) * jitter(chance));
  return next.at <= at ? state : { ...state, next: { ...next, at } };
}

/** When something has failed, and whether it was a look. */
export interface BringForward extends Pick<CheckTimes, 'now' | 'chance'> {
  readonly hasLooked: boolean;
}

const jitter = (chance: number): number => 1 - spread + 2 * spread * chance;

function intervalOf(state: HealthState, { checkEveryMs, now, connectedAt }: CheckTimes): number {
  const { check, lastSuccessAt, lastFailureAt, lastEventAt } = state;
  const failed = check?.failedInRow ?? 0;
  if (failed > 0) return Math.min(checkEveryMs, soonMs * 2 ** Math.min(20, failed));
  const lastUse = Math.max(connectedAt, lastSuccessAt ?? 0, lastFailureAt ?? 0, lastEventAt ?? 0);
  return now - lastUse > idleAfterMs ? checkEveryMs * idleTimes : checkEveryMs;
}
