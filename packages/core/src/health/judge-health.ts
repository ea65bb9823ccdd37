import { type BucketCount, bucketOf, estimateQuantile, latencyBuckets } from '../batch/time-buckets.ts';
import type { ConnectionStatus } from '../contracts/configuration-records.ts';
import { callClasses } from './call-class.ts';
import { callHalfLifeMs, decayed, usualHalfLifeMs } from './decay.ts';
import { levelOf } from './health-level.ts';
import { type HealthScore, healthScore } from './health-score.ts';
import type { BreakerPosition, HealthSignals, ScorePoint } from './health-signals.ts';
import type { HealthState } from './health-state.ts';
import { trendMs } from './health-trend.ts';

/** What is known of a connection beside its traffic. */
export interface HealthFacts {
  readonly connector: string;
  readonly status: ConnectionStatus;
  /** When its credential ends and cannot be renewed by itself, milliseconds since 1970. */
  readonly credentialExpiresAt: number | null;
  readonly breaker: BreakerPosition;
  /** Share of the service's quota that is left, 0 to 1. */
  readonly quotaLeft: number | null;
}

/** A state with its verdict. */
export interface JudgedHealth {
  readonly state: HealthState;
  readonly verdict: HealthScore;
}

/** Milliseconds between two scores that are remembered for the trend. */
const pointMs = 300_000;

/** Fewer calls or gaps than these have no usual. */
const least = { recent: 3, usual: 20, gaps: 10 };

/** What a state and the facts beside it say at a time. */
export function signalsOf(state: HealthState, facts: HealthFacts, now: number): HealthSignals {
  const elapsed = now - state.at;
  const calls = decayed(state.calls, elapsed, callHalfLifeMs);
  return {
    at: now,
    status: facts.status,
    calls: Object.fromEntries(callClasses.map((name, place) => [name, calls[place] ?? 0])),
    latency: {
      recentMs: medianOf(decayed(state.recent, elapsed, callHalfLifeMs), least.recent),
      usualMs: medianOf(decayed(state.usual, elapsed, usualHalfLifeMs), least.usual),
    },
    quotaLeft: facts.quotaLeft,
    credential: { expiresAt: facts.credentialExpiresAt, failedRenewals: state.failedRenewals },
    breaker: facts.breaker,
    failedChecks: state.check?.failedInRow ?? 0,
    events: { lastAt: state.lastEventAt, usualGapMs: state.gaps < least.gaps ? null : state.gapMs },
    scores: state.scores,
    warning: state.warning,
  };
}

/** The verdict of a state, and the state with it. */
export function judgeHealth(state: HealthState, facts: HealthFacts, now: number): JudgedHealth {
  const verdict = healthScore(signalsOf(state, facts, now));
  const level = levelOf(verdict.score, state.level);
  const scores = withPoint(state.scores, { at: Math.floor(now), score: verdict.score });
  return { verdict, state: { ...state, level, scores, warning: verdict.warning?.reason ?? null } };
}

function withPoint(scores: readonly ScorePoint[], point: ScorePoint): readonly ScorePoint[] {
  const kept = scores.filter(({ at }) => at > point.at - trendMs && at <= point.at);
  const last = kept.at(-1);
  return last !== undefined && point.at - last.at < pointMs ? kept : [...kept, point];
}

function medianOf(counts: readonly number[], atLeast: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total < atLeast) return null;
  const named = counts.map(
    (count, place): BucketCount => ({ bucket: bucketOf(latencyBuckets, latencyBuckets[place] ?? Number.POSITIVE_INFINITY), count }),
  );
  return estimateQuantile(latencyBuckets, named, 0.5);
}
