import { describe, expect, it } from 'vitest';
import { median } from './median.ts';
import { spread } from './spread.ts';

describe('median', () => {
  it('is the middle of an odd number of values in any order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('is the mean of the two middle ones of an even number', () => {
    expect(median([10, 1, 4, 2])).toBe(3);
  });

  it('leaves the given values as they are', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses no values and values that are not numbers', () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => median([1, Number.NaN])).toThrow(RangeError);
  });
});

describe('spread', () => {
  it('is the range divided by the median', () => {
    expect(spread([90, 100, 120])).toBeCloseTo(0.3);
  });

  it('is nothing for a single value', () => {
    expect(spread([7])).toBe(0);
  });
});
