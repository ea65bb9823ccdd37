import { bucketOf } from '../../batch/time-buckets.ts';

/** What is timed: from what happened at the service to its receipt, and from its receipt to the commit. */
export type DeliveryTime = 'lag' | 'commit';

/** Upper ends of the buckets that durations are counted in, milliseconds; the last has none. */
export const timeBuckets: Readonly<Record<DeliveryTime, readonly number[]>> = {
  lag: [1_000, 5_000, 30_000, 300_000, 3_600_000],
  commit: [5, 10, 25, 50, 100, 250, 1_000],
};

/** Name of the count of a duration: the upper end of its bucket, or `more`. */
export const timeName = (what: DeliveryTime, ms: number): string => `${what}:${bucketOf(timeBuckets[what], ms)}`;
