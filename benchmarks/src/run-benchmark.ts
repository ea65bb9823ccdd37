import type { Benchmark, RunSettings } from './benchmark.ts';
import { type MeasuredRounds, measureRounds } from './measure-rounds.ts';
import { quietMachineGate } from './quiet-machine.ts';
import { type BenchmarkResult, rounded, summarise } from './summarise.ts';

/** Prepares, samples and summarises one benchmark, and removes its files whether or not that worked. */
export async function runBenchmark(
  benchmark: Benchmark,
  settings: RunSettings,
): Promise<{ readonly rounds: MeasuredRounds; readonly result: BenchmarkResult }> {
  settings.report(`${benchmark.name}: preparing`);
  const prepared = await benchmark.prepare(settings);
  try {
    const rounds = await measureRounds({
      cases: prepared.cases,
      repetitions: settings.quick ? benchmark.repetitions.quick : benchmark.repetitions.full,
      waitForQuiet: quietMachineGate(settings.quick ? 1_000 : 4_000),
      onSample: (name, repetition, sample) => {
        const processor = sample.cpuMicroseconds === null ? '' : `, ${rounded(sample.cpuMicroseconds)} us CPU/op`;
        settings.report(`${benchmark.name} #${repetition + 1} ${name}: ${rounded(sample.value)} ${benchmark.unit}${processor}`);
      },
    });
    return { rounds, result: summarise(benchmark, rounds) };
  } finally {
    await prepared.close();
  }
}
