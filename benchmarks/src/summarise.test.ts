import { describe, expect, it } from 'vitest';
import type { Benchmark, CaseRole } from './benchmark.ts';
import type { MeasuredCase, MeasuredRounds } from './measure-rounds.ts';
import { isReached, missesReach } from './reach.ts';
import { controlLines, renderTable } from './render-table.ts';
import { summarise } from './summarise.ts';

const benchmark: Benchmark = {
  name: 'tiny',
  unit: 'webhooks/s',
  title: 'nothing much',
  better: 'higher',
  reach: 0.5,
  peerReach: 2,
  repetitions: { full: 3, quick: 1 },
  prepare: async () => ({ cases: [], close: async () => {} }),
};

function measured(name: string, role: CaseRole, values: readonly number[]): MeasuredCase {
  const samples = values.map((value) => ({ value, cpuMicroseconds: 10, notes: { 'p50 ms': 1.5 } }));
  return { measured: { name, role, sample: () => Promise.reject(new Error('already measured')) }, samples };
}

const limit = measured('by hand', 'limit', [100, 110, 90]);
const ours = measured('ours', 'ours', [60, 55, 54]);
const peer = measured('other@1.0.0', 'peer', [20, 30, 25]);
const absent: MeasuredCase = { measured: { name: 'gone@2.0.0', role: 'peer', missing: 'npm failed' }, samples: [] };
const rounds = (...cases: MeasuredCase[]): MeasuredRounds => ({ cases, busySamples: 0 });

describe('summarise', () => {
  it('gives the medians, their ratio, the peers and exactly the promised keys', () => {
    expect(summarise(benchmark, rounds(limit, ours, peer, absent))).toStrictEqual({
      name: 'tiny',
      ours: 55,
      unit: 'webhooks/s',
      limit: 100,
      ratio: 0.55,
      peers: { 'other@1.0.0': 25, 'gone@2.0.0': null },
      reach: 0.5,
      peerReach: 2,
      runs: 3,
      spread: 0.1667,
    });
  });

  it('leaves ours and the ratio empty when only baselines ran', () => {
    const result = summarise(benchmark, rounds(limit, peer));
    expect(result).toMatchObject({ ours: null, ratio: null, limit: 100, spread: 0.2 });
  });

  it('does not make the A/A control a peer', () => {
    expect(summarise(benchmark, rounds(limit, measured('by hand again', 'control', [1, 1, 1]))).peers).toEqual({});
  });

  it('refuses rounds without a limit', () => {
    expect(() => summarise(benchmark, rounds(ours))).toThrow(RangeError);
  });
});

describe('controlLines', () => {
  it('calls a control within five per cent noise', () => {
    expect(controlLines(rounds(limit, measured('again', 'control', [102, 111, 92])))).toEqual([expect.stringContaining('are noise')]);
  });

  it('asks to discard a run whose control lies further off', () => {
    expect(controlLines(rounds(limit, measured('again', 'control', [80, 88, 72])))).toEqual([expect.stringContaining('discard this run')]);
  });
});

describe('isReached', () => {
  it('wants at least the reach where higher is better and at most where lower is', () => {
    expect([isReached(benchmark, 0.5), isReached(benchmark, 0.49)]).toEqual([true, false]);
    const lower: Benchmark = { ...benchmark, better: 'lower', reach: 3 };
    expect([isReached(lower, 3), isReached(lower, 3.01)]).toEqual([true, false]);
  });
});

describe('missesReach', () => {
  const misses = (against: Benchmark, ...cases: MeasuredCase[]) => missesReach(against, summarise(against, rounds(...cases)));

  it('looks at the limit and at every peer that was measured', () => {
    const rival = measured('rival@1.0.0', 'peer', [30, 30, 30]);
    expect(misses(benchmark, limit, ours, peer)).toBe(false);
    expect(misses(benchmark, limit, measured('ours', 'ours', [49, 49, 49]))).toBe(true);
    expect(misses(benchmark, limit, ours, peer, rival)).toBe(true);
    expect(misses({ ...benchmark, peerReach: null }, limit, ours, peer, rival)).toBe(false);
    expect(misses({ ...benchmark, rivals: ['other@1.0.0'] }, limit, ours, peer, rival)).toBe(false);
    expect(misses({ ...benchmark, rivals: ['rival@1.0.0'] }, limit, ours, peer, rival)).toBe(true);
  });

  it('counts nothing as missed that was not measured', () => {
    expect(misses(benchmark, limit, ours, absent)).toBe(false);
    expect(misses(benchmark, limit, measured('rival@1.0.0', 'peer', [90, 90, 90]))).toBe(false);
  });
});

describe('renderTable', () => {
  it('names every case, says why a peer is missing and what was reached', () => {
    const all = rounds(limit, ours, peer, absent);
    const table = renderTable(benchmark, all, summarise(benchmark, all));
    for (const part of ['by hand', 'npm failed', 'Ours / limit: 0.55', 'reached', 'Ours / other@1.0.0: 2.20'])
      expect(table).toContain(part);
    expect(table).not.toContain('NOT reached');
  });

  it('says that a goal is not reached', () => {
    const all = rounds(limit, measured('ours', 'ours', [40, 40, 40]), peer);
    expect(renderTable(benchmark, all, summarise(benchmark, all)).match(/NOT reached/g)).toHaveLength(2);
  });
});
