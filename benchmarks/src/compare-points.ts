import type { MeasuredRounds } from './measure-rounds.ts';
import { median } from './median.ts';

/**
 * Makes the points of a benchmark that compares ours with itself comparable: the point with the smallest median plays the limit, the one
 * with the largest plays ours, and those between are shown beside them. Rounds without points stay as they are.
 */
export function comparePoints(rounds: MeasuredRounds): MeasuredRounds {
  const points = rounds.cases
    .filter(({ measured }) => measured.role === 'point')
    .toSorted((left, right) => median(left.samples.map(({ value }) => value)) - median(right.samples.map(({ value }) => value)));
  const [smallest, largest] = [points.at(0), points.at(-1)];
  const cases = rounds.cases.map((found) => {
    const { measured } = found;
    if (measured.role !== 'point') return found;
    const role = found === smallest ? 'limit' : found === largest ? 'ours' : 'peer';
    return { ...found, measured: { ...measured, role } as const };
  });
  return { ...rounds, cases };
}
