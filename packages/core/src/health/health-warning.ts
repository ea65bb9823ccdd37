import { poorBelow } from './health-level.ts';
import type { HealthSignals } from './health-signals.ts';
import { type WarningReason, warningReasons } from './warning-reason.ts';

/** A warning before a failure. */
export interface HealthWarning {
  readonly reason: WarningReason;
  /** When it is expected to happen, milliseconds since 1970; `null` where nobody can tell. */
  readonly at: number | null;
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** A warning begins at the first figure and ends at the second, so that one near the line does not come and go. */
const ending = { from: 3 * dayMs, until: 4 * dayMs };
const renewals = { from: 2, until: 1 };
const quota = { from: 0.1, until: 0.25 };
const falling = { from: hourMs, until: 2 * hourMs };

/** The score now, and where it goes. */
export interface ScoreCourse {
  readonly score: number;
  /** Points an hour. */
  readonly slope: number;
}

/**
 * The warning of a connection: the one that stands as long as it holds, else the first that begins. One that cannot be used is not warned of: what
 * was to be prevented has happened.
 */
export function warningOf(signals: HealthSignals, course: ScoreCourse): HealthWarning | null {
  if (signals.status !== 'active') return null;
  const standing = signals.warning;
  const order = standing === null ? warningReasons : [standing, ...warningReasons];
  const reason = order.find((each) => holds[each](signals, course, each === standing ? 'until' : 'from'));
  return reason === undefined ? null : { reason, at: expectedAt(reason, signals, course) };
}

type Edge = 'from' | 'until';

const holds: Readonly<Record<WarningReason, (signals: HealthSignals, course: ScoreCourse, edge: Edge) => boolean>> = {
  credential_ending: ({ at, credential: { expiresAt } }, _, edge) => expiresAt !== null && expiresAt - at <= ending[edge],
  renewal_failing: ({ credential: { failedRenewals } }, _, edge) => failedRenewals >= renewals[edge],
  quota_nearly_used: ({ quotaLeft }, _, edge) => quotaLeft !== null && quotaLeft < quota[edge],
  // One that is rising again has its fall behind it, whatever the line through the last half hour says.
  score_falling: ({ scores }, course, edge) =>
    course.score >= poorBelow && poorIn(course) <= falling[edge] && (edge === 'until' || course.score < (scores.at(-1)?.score ?? 0)),
};

function expectedAt(reason: WarningReason, { at, credential }: HealthSignals, course: ScoreCourse): number | null {
  if (reason === 'credential_ending') return credential.expiresAt;
  return reason === 'score_falling' ? Math.round(at + poorIn(course)) : null;
}

/** Milliseconds until the score is poor, if it goes on so. */
const poorIn = ({ score, slope }: ScoreCourse): number => (slope < 0 ? ((score - poorBelow) / -slope) * hourMs : Number.POSITIVE_INFINITY);
