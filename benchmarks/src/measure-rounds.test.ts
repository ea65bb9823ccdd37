import { describe, expect, it } from 'vitest';
import type { Case, Sample } from './benchmark.ts';
import { measureRounds, roundOrder } from './measure-rounds.ts';

const sampleOf = (value: number): Sample => ({ value, cpuMicroseconds: null, notes: {} });

describe('roundOrder', () => {
  it('reverses the cases on odd repetitions', () => {
    expect(roundOrder(['a', 'b', 'c'], 0)).toEqual(['a', 'b', 'c']);
    expect(roundOrder(['a', 'b', 'c'], 1)).toEqual(['c', 'b', 'a']);
  });
});

describe('measureRounds', () => {
  it('samples one case at a time, each as often as asked', async () => {
    const log: string[] = [];
    const contestant = (name: string): Case => ({
      name,
      role: 'limit',
      sample: async () => {
        log.push(`${name} begins`);
        await Promise.resolve();
        log.push(`${name} ends`);
        return sampleOf(1);
      },
    });
    const rounds = await measureRounds({
      cases: [contestant('a'), contestant('b')],
      repetitions: 2,
      waitForQuiet: async () => true,
      onSample: () => {},
    });
    expect(log).toEqual(['a', 'b', 'b', 'a'].flatMap((name) => [`${name} begins`, `${name} ends`]));
    expect(rounds.cases.map((found) => found.samples.length)).toEqual([2, 2]);
  });

  it('counts the samples for which the machine did not become quiet', async () => {
    const answers = [true, false, false];
    const rounds = await measureRounds({
      cases: [{ name: 'a', role: 'limit', sample: async () => sampleOf(1) }],
      repetitions: 3,
      waitForQuiet: async () => answers.shift() ?? true,
      onSample: () => {},
    });
    expect(rounds.busySamples).toBe(2);
  });

  it('leaves a missing peer without samples', async () => {
    const rounds = await measureRounds({
      cases: [{ name: 'a', role: 'peer', missing: 'not installed' }],
      repetitions: 3,
      waitForQuiet: async () => true,
      onSample: () => {},
    });
    expect(rounds.cases[0]?.samples).toEqual([]);
  });

  it('ends with the error of a case that dropped work', async () => {
    const dropped = measureRounds({
      cases: [{ name: 'a', role: 'ours', sample: () => Promise.reject(new Error('one effect is missing')) }],
      repetitions: 1,
      waitForQuiet: async () => true,
      onSample: () => {},
    });
    await expect(dropped).rejects.toThrow('one effect is missing');
  });
});
