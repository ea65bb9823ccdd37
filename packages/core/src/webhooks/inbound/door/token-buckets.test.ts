import { expect, it } from 'vitest';
import { createManualClock } from '../../../net/__fixtures__/manual-clock.ts';
import { createTokenBuckets } from './token-buckets.ts';

it('lets so many through at once, and so many a second afterwards, for each key', () => {
  const clock = createManualClock();
  const buckets = createTokenBuckets({ perSecond: 2, burst: 3 }, clock);
  expect([1, 2, 3, 4].map(() => buckets.take('a'))).toEqual([0, 0, 0, 500]);
  expect(buckets.take('b')).toBe(0);
  clock.advance(500);
  expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 500]);
  clock.advance(3_600_000);
  expect([1, 2, 3, 4].map(() => buckets.take('a'))).toEqual([0, 0, 0, 500]);
});

it('keeps nothing of a key whose tokens have all come back', () => {
  const buckets = createTokenBuckets({ perSecond: 1, burst: 2 }, createManualClock());
  buckets.take('a');
  buckets.take('a');
  buckets.giveBack('a');
  expect([buckets.size, buckets.take('a'), buckets.take('a')]).toEqual([1, 0, 1_000]);
  buckets.giveBack('a');
  buckets.giveBack('a');
  buckets.giveBack('nobody');
  expect(buckets.size).toBe(0);
});

it('remembers a bounded number of keys, the latest of them', () => {
  const buckets = createTokenBuckets({ perSecond: 1, burst: 1 }, createManualClock());
  let largest = 0;
  for (let key = 0; key < 1_000_000; key += 1) {
    buckets.take(`${key}`);
    largest = Math.max(largest, buckets.size);
  }
  expect(largest).toBe(40_000);
  expect([buckets.take('999999'), buckets.take('0')]).toEqual([1_000, 0]);
});
