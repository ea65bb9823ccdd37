import type { Benchmark } from './benchmark.ts';
import type { MeasuredCase, MeasuredRounds } from './measure-rounds.ts';
import { median } from './median.ts';
import { isReached, peerRatios } from './reach.ts';
import { type BenchmarkResult, caseOfRole, ratiosByRepetition, rounded } from './summarise.ts';

/** Outside these the two names of the same code differ by more than noise, and the run is to be discarded. */
const controlBounds = { lowest: 0.95, highest: 1.05 };

const number = (value: number): string => rounded(value).toLocaleString('en-US', { maximumSignificantDigits: 4 });

function caseCells(found: MeasuredCase, limit: MeasuredCase): string[] {
  if ('missing' in found.measured) return [found.measured.name, 'missing', '', '', '', found.measured.missing];
  const values = found.samples.map((sample) => sample.value);
  const processor = found.samples.flatMap((sample) => sample.cpuMicroseconds ?? []);
  const notes = Object.keys(found.samples[0]?.notes ?? {}).map(
    (note) => `${note} ${number(median(found.samples.map((sample) => sample.notes[note] ?? Number.NaN)))}`,
  );
  const ratio = median(values) / median(limit.samples.map((sample) => sample.value));
  return [
    found.measured.name,
    number(median(values)),
    `${number(Math.min(...values))} .. ${number(Math.max(...values))}`,
    ratio.toFixed(2),
    processor.length === 0 ? '?' : number(median(processor)),
    notes.join(', '),
  ];
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)), []);
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '),
  );
}

/** The verdict on the A/A control, as a sentence, or an empty list where a benchmark has none. */
export function controlLines(rounds: MeasuredRounds): string[] {
  const [limit, control] = [caseOfRole(rounds, 'limit'), caseOfRole(rounds, 'control')];
  if (limit === undefined || control === undefined) return [];
  const ratio = median(ratiosByRepetition(control, limit));
  const steady = ratio >= controlBounds.lowest && ratio <= controlBounds.highest;
  const verdict = steady ? 'differences below 5 % are noise' : 'the machine was too noisy, discard this run';
  return [`A/A control: the limit under two names differs by a ratio of ${ratio.toFixed(3)}; ${verdict}.`];
}

const reachedWords = (isMet: boolean): string => (isMet ? 'reached' : 'NOT reached');

function verdictLines(benchmark: Benchmark, result: BenchmarkResult): string[] {
  if (result.ratio === null) return ['Baselines only: nothing of ours was measured.'];
  const bound = benchmark.better === 'higher' ? 'at least' : 'at most';
  return [
    `Ours / limit: ${result.ratio}, to reach ${bound} ${benchmark.reach}: ${reachedWords(isReached(benchmark, result.ratio))}.`,
    ...peerRatios(benchmark, result).map(
      ({ peer, ratio, reach }) => `Ours / ${peer}: ${ratio.toFixed(2)}, to reach at least ${reach}: ${reachedWords(ratio >= reach)}.`,
    ),
    ...shownRatios(result),
  ];
}

/** Ours against peers that are shown and decide nothing. */
function shownRatios({ ours, peers, peerReach }: BenchmarkResult): string[] {
  if (ours === null || peerReach !== null) return [];
  return Object.entries(peers).flatMap(([peer, value]) => (value === null ? [] : [`Ours / ${peer}: ${(ours / value).toFixed(2)}.`]));
}

/** The result as a table for a person: each case's median, range, ratio and processor time, then the verdicts. */
export function renderTable(benchmark: Benchmark, rounds: MeasuredRounds, result: BenchmarkResult): string {
  const limit = caseOfRole(rounds, 'limit');
  if (limit === undefined) throw new RangeError(`Benchmark ${benchmark.name} has no limit.`);
  const head = ['case', benchmark.unit, 'min .. max', 'to limit', 'CPU us/op', 'notes'];
  const rows = alignColumns([head, ...rounds.cases.map((found) => caseCells(found, limit))]);
  const taken = rounds.cases.reduce((count, found) => count + found.samples.length, 0);
  return [
    `${benchmark.name}: ${benchmark.title}`,
    `${result.runs} repetitions, medians, ${benchmark.better} is better`,
    '',
    ...rows.map((row) => row.trimEnd()),
    '',
    ...verdictLines(benchmark, result),
    ...controlLines(rounds),
    `Samples taken on a busy machine: ${rounds.busySamples} of ${taken}.`,
  ].join('\n');
}
