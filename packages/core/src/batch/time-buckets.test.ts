import { describe, expect, it } from 'vitest';
import { bucketOf, estimateQuantile, latencyBuckets } from './time-buckets.ts';

const countsOf = (durations: readonly number[]) => durations.map((ms) => ({ bucket: bucketOf(latencyBuckets, ms), count: 1 }));

describe('bucketOf', () => {
  it('names the first bucket that reaches as far, and what is beyond all of them', () => {
    expect([0, 5, 5.1, 6, 640, 30_000, 30_001].map((ms) => bucketOf(latencyBuckets, ms))).toEqual([
      '5',
      '5',
      '10',
      '10',
      '640',
      '30000',
      'more',
    ]);
  });
});

describe('estimateQuantile', () => {
  it('is off by no more than the bucket is wide, whatever is counted', () => {
    const durations = Array.from({ length: 1_000 }, (_, index) => ((index * 7_919) % 1_000) ** 2 / 40);
    const sorted = durations.toSorted((left, right) => left - right);
    for (const share of [0.01, 0.5, 0.9, 0.95, 0.99]) {
      const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
      const estimated = estimateQuantile(latencyBuckets, countsOf(durations), share) ?? -1;
      expect(bucketOf(latencyBuckets, estimated), `${share}: ${estimated} for ${exact}`).toBe(bucketOf(latencyBuckets, exact));
    }
  });

  it('adds up what is counted of a bucket more than once, and passes over names that are none', () => {
    const counts = [...countsOf([100, 100, 100, 100]), { bucket: 'none', count: 1_000 }];
    expect(estimateQuantile(latencyBuckets, counts, 0.5)).toBe(120);
  });

  it('is the last end beyond the buckets, and nothing of nothing', () => {
    expect(estimateQuantile(latencyBuckets, countsOf([90_000]), 0.5)).toBe(30_000);
    expect(estimateQuantile(latencyBuckets, [], 0.5)).toBeNull();
  });
});
