import type { ConnectionStatus } from '../contracts/configuration-records.ts';
import type { HealthSignals } from './health-signals.ts';
import { type HealthTrend, scoreSlope, trendOf } from './health-trend.ts';
import { type HealthWarning, warningOf } from './health-warning.ts';
import { partWeights, type ScorePart, scoreOrder, scoreParts } from './score-parts.ts';

/** How a connection is, as a figure. */
export interface HealthScore {
  /** 0, it cannot be used, to 100, nothing speaks against it; to the tenth. */
  readonly score: number;
  /** Each part from 0, as bad as can be, to 1. */
  readonly parts: Readonly<Record<ScorePart, number>>;
  readonly trend: HealthTrend;
  /** What is likely to go wrong soon; `null`: nothing that can be seen. */
  readonly warning: HealthWarning | null;
}

/** The most that a connection of each status can have: an account that cannot be used is poor, whatever its calls were. */
const most: Readonly<Record<ConnectionStatus, number>> = {
  active: 100,
  error: 30,
  initializing: 0,
  token_expired: 0,
  token_invalid: 0,
  disconnected: 0,
};

/** The most while the breaker is open: nothing goes out, however well it went before. */
const mostWhileOpen = 40;

/** Works out how a connection is from what was seen of it. Pure: the same signals give the same score. The formula stands in the guide on health. */
export function healthScore(signals: HealthSignals): HealthScore {
  const parts = scoreParts(signals);
  const sum = scoreOrder.reduce((points, part) => points + partWeights[part] * parts[part], 0);
  const score = Math.round(Math.min(most[signals.status], signals.breaker === 'open' ? mostWhileOpen : 100, sum) * 10) / 10;
  const slope = scoreSlope([...signals.scores, { at: signals.at, score }], signals.at);
  return { score, parts, trend: trendOf(slope), warning: warningOf(signals, { score, slope }) };
}
