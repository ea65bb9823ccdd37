/** How a connection is, in a word. */
export type HealthLevel = 'good' | 'degraded' | 'poor';

/** The least score that is good. */
export const goodFrom = 80;

/** The first score that is not poor. */
export const poorBelow = 50;

/** Points above its line by which a level is left upwards, so that a score on the line does not come and go. */
const margin = 5;

const rank: Readonly<Record<HealthLevel, number>> = { poor: 0, degraded: 1, good: 2 };

/** The level of a score, after the one that it was before. It falls at the line, and rises five points above it. */
export function levelOf(score: number, before: HealthLevel | null): HealthLevel {
  const plain = plainLevel(score);
  if (before === null || rank[plain] <= rank[before]) return plain;
  const sure = plainLevel(score - margin);
  return rank[sure] > rank[before] ? sure : before;
}

function plainLevel(score: number): HealthLevel {
  if (score >= goodFrom) return 'good';
  return score < poorBelow ? 'poor' : 'degraded';
}
