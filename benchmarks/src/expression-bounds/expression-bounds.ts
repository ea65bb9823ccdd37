import type { Benchmark, Case, Sample } from '../benchmark.ts';
import { startChild } from '../start-child.ts';
import { boundsDone } from './messages.ts';

/** What is promised of any evaluation, whatever its source. */
const promisedMs = 50;
const promisedMebibytes = 16;

const module = new URL('bounds-subject.ts', import.meta.url);

/** Milliseconds for one sample, after which it is given up. */
const sampleMs = 180_000;

async function sampleBounds(rounds: number): Promise<Sample> {
  const child = startChild({ name: 'hostile sources', module, argument: { rounds } });
  try {
    const { evaluationMs, compileMs, heapMebibytes, sources } = await child.hear(boundsDone, sampleMs);
    if (heapMebibytes > promisedMebibytes) throw new Error(`An evaluation took ${heapMebibytes} MiB; ${promisedMebibytes} are promised.`);
    const notes = { 'compile ms': compileMs, 'heap MiB': heapMebibytes, sources };
    return { value: evaluationMs, cpuMicroseconds: null, notes };
  } finally {
    await child.stop();
  }
}

/** The slowest of the sources that were made to be slow: bombs, escapes, patterns. The limit is the promise, and the ratio what of it is used up. */
export const expressionBounds: Benchmark = {
  name: 'expression-bounds',
  unit: 'ms',
  title: 'the slowest evaluation among hostile sources, in processor time, beside what is promised of each',
  better: 'lower',
  reach: 1,
  peerReach: null,
  repetitions: { full: 3, quick: 1 },
  async prepare({ quick, baselinesOnly }) {
    const promise: Case = {
      name: 'the promise',
      role: 'limit',
      sample: async () => ({ value: promisedMs, cpuMicroseconds: null, notes: {} }),
    };
    const ours: Case = { name: 'the hub', role: 'ours', sample: () => sampleBounds(quick ? 3 : 7) };
    return { cases: baselinesOnly ? [promise] : [promise, ours], close: async () => {} };
  },
};
