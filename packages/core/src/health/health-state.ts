import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import type { HealthLevel } from './health-level.ts';
import type { ScorePoint } from './health-signals.ts';
import { type WarningReason, warningReasons } from './warning-reason.ts';

/** The last look at a service by its connector's health check. */
export interface LastCheck {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly healthy: boolean;
  readonly latencyMs: number;
  /** Looks in a row that did not go well, this one among them. */
  readonly failedInRow: number;
}

/** When a service is looked at next. */
export interface NextCheck {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** It was long past and has been put off, so that not all of them come at once. */
  readonly isPutOff: boolean;
}

/** What is kept of a connection's health, over all processes. Times are milliseconds since 1970, counts fade. */
export interface HealthState {
  /** The moment that the counts are of. */
  readonly at: number;
  /** Calls by class, in the order of `callClasses`, each weighing half after ten minutes. */
  readonly calls: readonly number[];
  /** How long calls took, in the buckets of `latencyBuckets` and one more: of late, and usually. */
  readonly recent: readonly number[];
  readonly usual: readonly number[];
  readonly lastSuccessAt: number | null;
  readonly lastFailureAt: number | null;
  /** Code of the last failure. */
  readonly lastFailure: string | null;
  readonly lastEventAt: number | null;
  /** Mean time between events, the last ten weighing most, and how many gaps were seen. */
  readonly gapMs: number;
  readonly gaps: number;
  readonly failedRenewals: number;
  readonly check: LastCheck | null;
  readonly next: NextCheck | null;
  /** Scores of the last half hour, the oldest first. */
  readonly scores: readonly ScorePoint[];
  readonly level: HealthLevel | null;
  readonly warning: WarningReason | null;
}

/** Nothing is known yet. */
export const unknownHealth: HealthState = {
  at: 0,
  calls: [],
  recent: [],
  usual: [],
  lastSuccessAt: null,
  lastFailureAt: null,
  lastFailure: null,
  lastEventAt: null,
  gapMs: 0,
  gaps: 0,
  failedRenewals: 0,
  check: null,
  next: null,
  scores: [],
  level: null,
  warning: null,
};

/** How the names of these states begin. */
export const healthPrefix = 'connection-health:';

/** Where the health of a connection is kept. */
export const healthName = (connection: string): string => `${healthPrefix}${connection}`;

/**
 * The state as it is stored: small, because it is written again and again. `by` is of this one write: without it two processes that have seen the same
 * would write the same, and each would take the other's write for its own.
 */
export function writeHealth({ scores, check, next, ...state }: HealthState, by: string): Json {
  return {
    by,
    ...state,
    scores: scores.map(({ at, score }) => [at, score]),
    check: check === null ? null : [check.at, check.healthy, check.latencyMs, check.failedInRow],
    next: next === null ? null : [next.at, next.isPutOff],
  };
}

/** What {@link writeHealth} wrote; what cannot be read is not known. */
export function readHealth(value: Json | undefined): HealthState {
  if (!isJsonObject(value)) return unknownHealth;
  const time = (name: keyof HealthState): number | null => numberOr(value[name], null);
  const count = (name: keyof HealthState): number => numberOr(value[name], 0);
  return {
    at: count('at'),
    calls: numbersOf(value['calls']),
    recent: numbersOf(value['recent']),
    usual: numbersOf(value['usual']),
    lastSuccessAt: time('lastSuccessAt'),
    lastFailureAt: time('lastFailureAt'),
    lastFailure: typeof value['lastFailure'] === 'string' ? value['lastFailure'] : null,
    lastEventAt: time('lastEventAt'),
    gapMs: count('gapMs'),
    gaps: count('gaps'),
    failedRenewals: count('failedRenewals'),
    check: checkOf(value['check']),
    next: nextOf(value['next']),
    scores: Array.isArray(value['scores']) ? value['scores'].flatMap(pointOf) : [],
    level: levels.find((level) => level === value['level']) ?? null,
    warning: warningReasons.find((reason) => reason === value['warning']) ?? null,
  };
}

const levels: readonly HealthLevel[] = ['good', 'degraded', 'poor'];

function numberOr<Other>(value: Json | undefined, other: Other): number | Other {
  return typeof value === 'number' && value >= 0 ? value : other;
}

const numbersOf = (value: Json | undefined): readonly number[] =>
  Array.isArray(value) ? value.map((count) => numberOr(count, 0)).slice(0, 32) : [];

function checkOf(value: Json | undefined): LastCheck | null {
  const [at, healthy, latencyMs, failedInRow]: readonly Json[] = Array.isArray(value) ? value : [];
  if (typeof at !== 'number' || typeof healthy !== 'boolean') return null;
  return { at, healthy, latencyMs: numberOr(latencyMs, 0), failedInRow: numberOr(failedInRow, 0) };
}

function nextOf(value: Json | undefined): NextCheck | null {
  const [at, isPutOff]: readonly Json[] = Array.isArray(value) ? value : [];
  return typeof at === 'number' ? { at, isPutOff: isPutOff === true } : null;
}

function pointOf(value: Json): readonly ScorePoint[] {
  const [at, score]: readonly Json[] = Array.isArray(value) ? value : [];
  return typeof at === 'number' && typeof score === 'number' ? [{ at, score }] : [];
}
