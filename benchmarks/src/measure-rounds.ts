import type { Case, Sample } from './benchmark.ts';

/** A case with the sample of each repetition, in order. */
export interface MeasuredCase {
  readonly measured: Case;
  readonly samples: readonly Sample[];
}

/** What `measureRounds` found, with the number of samples that were taken although the machine stayed busy. */
export interface MeasuredRounds {
  readonly cases: readonly MeasuredCase[];
  readonly busySamples: number;
}

/** The order in which a repetition visits its cases: forwards, and backwards on odd repetitions, so that drift hits all alike. */
export function roundOrder<Item>(items: readonly Item[], repetition: number): readonly Item[] {
  return repetition % 2 === 0 ? items : items.toReversed();
}

/**
 * Samples every case once per repetition, one at a time, each after `waitForQuiet` (which answers false when it gave up).
 * A case that throws ends the whole measurement: dropped work is never a result.
 */
export async function measureRounds(settings: {
  readonly cases: readonly Case[];
  readonly repetitions: number;
  readonly waitForQuiet: () => Promise<boolean>;
  readonly onSample: (name: string, repetition: number, sample: Sample) => void;
}): Promise<MeasuredRounds> {
  const collected = settings.cases.map((measured) => {
    const samples: Sample[] = [];
    return { measured, samples };
  });
  let busySamples = 0;
  for (let repetition = 0; repetition < settings.repetitions; repetition += 1) {
    for (const { measured, samples } of roundOrder(collected, repetition)) {
      if ('missing' in measured) continue;
      if (!(await settings.waitForQuiet())) busySamples += 1;
      const sample = await measured.sample();
      samples.push(sample);
      settings.onSample(measured.name, repetition, sample);
    }
  }
  return { cases: collected, busySamples };
}
