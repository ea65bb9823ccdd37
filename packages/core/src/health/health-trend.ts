import type { ScorePoint } from './health-signals.ts';

/** Where a score is going. */
export type HealthTrend = 'improving' | 'steady' | 'worsening';

/** Milliseconds of scores that a trend is read from. */
export const trendMs = 1_800_000;

/** Fewer scores, or a shorter time, have no direction. */
const leastPoints = 3;
const leastMs = 600_000;

/** Points an hour from which it is a direction. */
const steepness = 6;

/**
 * The slope of the line that fits the scores of the last half hour best (least squares), points an hour; 0 where there are fewer than three of them or
 * they lie within ten minutes.
 */
export function scoreSlope(points: readonly ScorePoint[], now: number): number {
  const seen = points.filter(({ at }) => at <= now && at > now - trendMs);
  const [first] = seen;
  if (first === undefined || seen.length < leastPoints || now - first.at < leastMs) return 0;
  const hours = seen.map(({ at }) => (at - now) / 3_600_000);
  const middle = meanOf(hours);
  const height = meanOf(seen.map(({ score }) => score));
  let rise = 0;
  let run = 0;
  for (const [place, { score }] of seen.entries()) {
    const distance = (hours[place] ?? 0) - middle;
    rise += distance * (score - height);
    run += distance ** 2;
  }
  return run === 0 ? 0 : rise / run;
}

/** The direction of a slope, points an hour. */
export function trendOf(slope: number): HealthTrend {
  if (slope >= steepness) return 'improving';
  return slope <= -steepness ? 'worsening' : 'steady';
}

const meanOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
