import { describe, expect, it } from 'vitest';
import { assertAllDone, type PipelineSubject, samplePipeline } from './sample-pipeline.ts';

const load = { concurrency: 4, warmUp: 10, timed: 40, patienceMs: 5_000, bodyBytes: null };
const handWritten = new URL('../../baselines/pipeline-memory/hand-written.ts', import.meta.url);
const credulous: PipelineSubject = {
  name: 'credulous',
  module: new URL('./__fixtures__/credulous-subject.ts', import.meta.url),
  verifies: true,
  load,
};

// Three processes start for each; on a busy machine that takes a while.
describe('samplePipeline', { timeout: 30_000 }, () => {
  it('measures a tiny load on the hand-written handler, every webhook with its one effect', async () => {
    const sample = await samplePipeline({ name: 'by hand', module: handWritten, verifies: true, load });
    expect(sample.value).toBeGreaterThan(0);
    expect(sample.cpuMicroseconds).toBeGreaterThan(0);
    expect(Object.keys(sample.notes)).toEqual(['effect p50 ms', 'p95 ms', 'RSS MB']);
  });

  it('fails for a subject that accepts a body changed after signing', async () => {
    await expect(samplePipeline(credulous)).rejects.toThrow('changed after signing was answered 202');
  });

  it('fails for a subject that answers 202 and drops the work', async () => {
    await expect(samplePipeline({ ...credulous, verifies: false, load: { ...load, patienceMs: 200 } })).rejects.toThrow('work was dropped');
  });
});

describe('assertAllDone', () => {
  const tally = { type: 'tally' as const, calls: 5, distinct: 5, fault: null };
  const good = { name: 'ours', expected: 5, effects: 5, tally, completed: 5 };

  it('accepts one effect for each delivery', () => {
    expect(() => assertAllDone(good)).not.toThrow();
    expect(() => assertAllDone({ ...good, completed: null })).not.toThrow();
  });

  it.each([
    ['an effect that is missing', { ...good, effects: 4 }],
    ['a repeated call', { ...good, tally: { ...tally, calls: 6 } }],
    ['two effects for one issue and none for another', { ...good, tally: { ...tally, distinct: 4 } }],
    ['a call that was not as agreed', { ...good, tally: { ...tally, fault: 'no credential' } }],
    ['an answer that nobody read', { ...good, completed: 4 }],
  ])('refuses %s', (_, count) => {
    expect(() => assertAllDone(count)).toThrow('ours');
  });
});
