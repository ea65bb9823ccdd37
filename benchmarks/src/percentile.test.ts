import { expect, it } from 'vitest';
import { percentile } from './percentile.ts';

it('is the value that so many do not exceed', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([0, 0.5, 0.95, 0.99, 1].map((share) => percentile(values, share))).toEqual([1, 50, 95, 99, 100]);
  expect(percentile([7], 0.99)).toBe(7);
});

it('refuses to make one of nothing', () => {
  expect(() => percentile([], 0.5)).toThrow(RangeError);
});
