import { expect, it } from 'vitest';
import type { CaseRole } from './benchmark.ts';
import { comparePoints } from './compare-points.ts';
import type { MeasuredCase } from './measure-rounds.ts';

function measured(name: string, role: CaseRole, values: readonly number[]): MeasuredCase {
  const samples = values.map((value) => ({ value, cpuMicroseconds: 10, notes: {} }));
  return { measured: { name, role, sample: () => Promise.reject(new Error('already measured')) }, samples };
}

const rolesOf = (...cases: MeasuredCase[]): Record<string, CaseRole> =>
  Object.fromEntries(comparePoints({ cases, busySamples: 0 }).cases.map((found) => [found.measured.name, found.measured.role]));

it('measures the dearest point against the cheapest, by their medians', () => {
  const points = [measured('a', 'point', [5, 6, 90]), measured('b', 'point', [9, 8, 9]), measured('c', 'point', [4, 5, 5])];
  expect(rolesOf(...points)).toEqual({ a: 'peer', b: 'ours', c: 'limit' });
});

it('leaves other cases as they are', () => {
  expect(rolesOf(measured('a', 'limit', [5]), measured('b', 'ours', [9]))).toEqual({ a: 'limit', b: 'ours' });
});
