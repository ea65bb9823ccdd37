import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullJitter } from './full-jitter.ts';

const options = { baseMs: 1_000, maximumMs: 300_000 };

describe('fullJitter', () => {
  it('stays between nothing and the bound, whatever the attempt and the chance', () => {
    const waits = fc.record({ baseMs: fc.integer({ min: 1, max: 60_000 }), maximumMs: fc.integer({ min: 1, max: 86_400_000 }) });
    fc.assert(
      fc.property(waits, fc.integer({ min: 0, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (bounds, attempts, chance) => {
        const wait = fullJitter(bounds, attempts, chance);
        const bound = Math.min(bounds.maximumMs, bounds.baseMs * 2 ** Math.max(0, attempts - 1));
        expect(Number.isInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(bound);
      }),
    );
  });

  it.each([
    [1, 1_000],
    [2, 2_000],
    [4, 8_000],
    [9, 256_000],
    [10, 300_000],
    [4_000, 300_000],
  ])('doubles its bound with each attempt up to the maximum: attempt %i, %i ms', (attempts, bound) => {
    expect(fullJitter(options, attempts, 1)).toBe(bound);
    expect(fullJitter(options, attempts, 0)).toBe(0);
    expect(fullJitter(options, attempts, 0.5)).toBe(bound / 2);
  });
});
