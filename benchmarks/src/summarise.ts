import type { Benchmark, CaseRole } from './benchmark.ts';
import type { MeasuredCase, MeasuredRounds } from './measure-rounds.ts';
import { median } from './median.ts';
import { spread } from './spread.ts';

/** One line of `--json`. `ours` and `ratio` are null when only baselines ran; a peer that could not be measured is null. */
export interface BenchmarkResult {
  readonly name: string;
  /** Median, in `unit`. */
  readonly ours: number | null;
  readonly unit: string;
  /** Median of the hand-written limit in the same run. */
  readonly limit: number;
  /** `ours / limit`. */
  readonly ratio: number | null;
  readonly peers: Readonly<Record<string, number | null>>;
  /** The ratio to be reached. */
  readonly reach: number;
  /** The ratio of ours to each peer that is to be reached; null where no peer is compared. */
  readonly peerReach: number | null;
  /** Repetitions of every case. */
  readonly runs: number;
  /** (largest − smallest) / median of the ratio's repetitions; of the limit's values when only baselines ran. */
  readonly spread: number;
}

const values = (found: MeasuredCase): number[] => found.samples.map((sample) => sample.value);

/** The measured case of a role, or undefined; there is at most one of each but `peer`. */
export function caseOfRole(rounds: MeasuredRounds, role: CaseRole): MeasuredCase | undefined {
  return rounds.cases.find((found) => found.measured.role === role);
}

/** Each repetition's value of `upper` divided by the same repetition's value of `lower`. */
export function ratiosByRepetition(upper: MeasuredCase, lower: MeasuredCase): number[] {
  const divisors = values(lower);
  return values(upper).map((value, repetition) => value / (divisors[repetition] ?? Number.NaN));
}

/** Rounds to four significant digits: the machine's noise begins before the third. */
export const rounded = (value: number): number => Number(value.toPrecision(4));

/** The medians of the rounds as one result. Throws a RangeError when the limit was not measured. */
export function summarise(benchmark: Benchmark, rounds: MeasuredRounds): BenchmarkResult {
  const limit = caseOfRole(rounds, 'limit');
  if (limit === undefined)
    throw new RangeError(`Benchmark ${benchmark.name} has no limit to compare with. Add a case with the role limit.`);
  const ours = caseOfRole(rounds, 'ours');
  const limitMedian = median(values(limit));
  const oursMedian = ours === undefined ? null : median(values(ours));
  const peers = rounds.cases
    .filter((found) => found.measured.role === 'peer')
    .map((found): [string, number | null] => [found.measured.name, 'missing' in found.measured ? null : rounded(median(values(found)))]);
  return {
    name: benchmark.name,
    ours: oursMedian === null ? null : rounded(oursMedian),
    unit: benchmark.unit,
    limit: rounded(limitMedian),
    ratio: oursMedian === null ? null : rounded(oursMedian / limitMedian),
    peers: Object.fromEntries(peers),
    reach: benchmark.reach,
    peerReach: benchmark.peerReach,
    runs: limit.samples.length,
    spread: rounded(ours === undefined ? spread(values(limit)) : spread(ratiosByRepetition(ours, limit))),
  };
}
