import { latencyBuckets } from '../batch/time-buckets.ts';
import { type CallClass, callClasses, placeOfClass } from './call-class.ts';
import { addedTo, callHalfLifeMs, decayed, usualHalfLifeMs } from './decay.ts';
import type { HealthState, LastCheck } from './health-state.ts';

/** What one process has seen of a connection since it last wrote. */
export interface SeenTraffic {
  readonly calls: number[];
  readonly latency: number[];
  lastSuccessAt: number | null;
  lastFailureAt: number | null;
  lastFailure: string | null;
  events: number;
  firstEventAt: number | null;
  lastEventAt: number | null;
  /** Renewals that failed since one went well, and whether one has. */
  failedRenewals: number;
  hasRenewed: boolean;
  check: Pick<LastCheck, 'at' | 'healthy' | 'latencyMs'> | null;
}

/** Classes after which the service is asked soon: they say something of the connection and not of the call. */
const alarming: ReadonlySet<CallClass> = new Set(['auth', 'permission', 'provider_down', 'network', 'timeout', 'unknown']);

/** Nothing yet. */
export const nothingSeen = (): SeenTraffic => ({
  calls: new Array<number>(callClasses.length).fill(0),
  latency: new Array<number>(latencyBuckets.length + 1).fill(0),
  lastSuccessAt: null,
  lastFailureAt: null,
  lastFailure: null,
  events: 0,
  firstEventAt: null,
  lastEventAt: null,
  failedRenewals: 0,
  hasRenewed: false,
  check: null,
});

/** Notes one call: its class, how long it took (milliseconds; of what was not answered nothing is learnt), and the code of its failure. */
export function noteCall(
  seen: SeenTraffic,
  {
    name,
    tookMs,
    at,
    code,
  }: { readonly name: CallClass; readonly tookMs: number | null; readonly at: number; readonly code: string | null },
): void {
  const place = placeOfClass.get(name) ?? 0;
  seen.calls[place] = (seen.calls[place] ?? 0) + 1;
  if (tookMs !== null) {
    const found = latencyBuckets.findIndex((end) => tookMs <= end);
    const bucket = found === -1 ? latencyBuckets.length : found;
    seen.latency[bucket] = (seen.latency[bucket] ?? 0) + 1;
  }
  if (name === 'succeeded') seen.lastSuccessAt = at;
  else {
    seen.lastFailureAt = at;
    seen.lastFailure = code;
  }
}

/** Whether the service is to be asked soon: something has failed that says something of the connection, and nothing has gone well after it. */
export function isAlarming({ calls, lastFailureAt, lastSuccessAt }: SeenTraffic): boolean {
  if (lastFailureAt === null || lastFailureAt <= (lastSuccessAt ?? 0)) return false;
  return callClasses.some((name, place) => alarming.has(name) && (calls[place] ?? 0) > 0);
}

/** The state with what a process has seen. Whoever adds first and last gives the same, but for the rounding of what has faded. */
export function addSeen(state: HealthState, seen: SeenTraffic, now: number): HealthState {
  const elapsed = now - state.at;
  const counted = {
    calls: addedTo(decayed(state.calls, elapsed, callHalfLifeMs), seen.calls),
    recent: addedTo(decayed(state.recent, elapsed, callHalfLifeMs), seen.latency),
    usual: addedTo(decayed(state.usual, elapsed, usualHalfLifeMs), seen.latency),
  };
  const isLater = (seen.lastFailureAt ?? -1) >= (state.lastFailureAt ?? 0);
  return {
    ...state,
    ...counted,
    ...rhythmOf(state, seen),
    at: Math.max(state.at, Math.floor(now)),
    lastSuccessAt: later(state.lastSuccessAt, seen.lastSuccessAt),
    lastFailureAt: later(state.lastFailureAt, seen.lastFailureAt),
    lastFailure: isLater ? seen.lastFailure : state.lastFailure,
    lastEventAt: later(state.lastEventAt, seen.lastEventAt),
    failedRenewals: (seen.hasRenewed ? 0 : state.failedRenewals) + seen.failedRenewals,
    check: checkAfter(state.check, seen.check),
  };
}

/** Share by which each new gap between two events moves the mean. */
const gapShare = 0.1;

function rhythmOf(state: HealthState, seen: SeenTraffic): Pick<HealthState, 'gapMs' | 'gaps'> {
  const { lastEventAt: before, gapMs, gaps } = state;
  const from = before ?? seen.firstEventAt;
  const count = before === null ? seen.events - 1 : seen.events;
  if (count < 1 || from === null || seen.lastEventAt === null || seen.lastEventAt < from) return { gapMs, gaps };
  const gap = (seen.lastEventAt - from) / count;
  // The first ones weigh alike; after that each moves the mean by its share.
  const share = Math.max(1 - (1 - gapShare) ** count, count / (gaps + count));
  return { gapMs: Math.round(gapMs + share * (gap - gapMs)), gaps: Math.min(1_000_000, gaps + count) };
}

function checkAfter(before: LastCheck | null, check: SeenTraffic['check']): LastCheck | null {
  if (check === null || (before !== null && check.at < before.at)) return before;
  return { ...check, failedInRow: check.healthy ? 0 : (before?.failedInRow ?? 0) + 1 };
}

const later = (left: number | null, right: number | null): number | null =>
  left === null || right === null ? (left ?? right) : Math.max(left, right);
