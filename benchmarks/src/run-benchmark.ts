import type { Benchmark, RunSettings } from './benchmark.ts';
import { comparePoints } from './compare-points.ts';
import { type MeasuredRounds, measureRounds } from './measure-rounds.ts';
import { quietMachineGate } from './quiet-machine.ts';
import { type BenchmarkResult, rounded, summarise } from './summarise.ts';

/** A benchmark that has run. */
export interface BenchmarkRun {
  readonly rounds: MeasuredRounds;
  readonly result: BenchmarkResult;
}

/** Prepares, samples and summarises one benchmark, and removes its files whether or not that worked. Answers null where it has no case to run. */
export async function runBenchmark(benchmark: Benchmark, settings: RunSettings): Promise<BenchmarkRun | null> {
  settings.report(`${benchmark.name}: preparing`);
  const prepared = await benchmark.prepare(settings);
  try {
    if (prepared.cases.length === 0) return null;
    const measured = await measureRounds({
      cases: prepared.cases,
      repetitions: settings.quick ? benchmark.repetitions.quick : benchmark.repetitions.full,
      waitForQuiet: quietMachineGate(settings.quick ? 1_000 : 4_000),
      onSample: (name, repetition, sample) => {
        const processor = sample.cpuMicroseconds === null ? '' : `, ${rounded(sample.cpuMicroseconds)} us CPU/op`;
        settings.report(`${benchmark.name} #${repetition + 1} ${name}: ${rounded(sample.value)} ${benchmark.unit}${processor}`);
      },
    });
    const rounds = comparePoints(measured);
    return { rounds, result: summarise(benchmark, rounds) };
  } finally {
    await prepared.close();
  }
}
