/** Upper ends of the buckets that short durations are counted in, milliseconds: doubling from 5 ms to 30 s. */
export const latencyBuckets: readonly number[] = [5, 10, 20, 40, 80, 160, 320, 640, 1_250, 2_500, 5_000, 10_000, 20_000, 30_000];

/** Name of the bucket that a duration falls in: its upper end, or `more`. */
export function bucketOf(ends: readonly number[], ms: number): string {
  return String(ends.find((end) => ms <= end) ?? 'more');
}

/** How many durations fell in a bucket. */
export interface BucketCount {
  /** As {@link bucketOf} names it. */
  readonly bucket: string;
  readonly count: number;
}

/**
 * The duration that this share (0 to 1) of the durations did not exceed, milliseconds, taking them as spread evenly within their bucket: never off by
 * more than the bucket is wide. Beyond the last bucket it is the last end. `null`: nothing was counted.
 */
export function estimateQuantile(ends: readonly number[], counts: readonly BucketCount[], share: number): number | null {
  const counted = new Map<string, number>();
  for (const { bucket, count } of counts) counted.set(bucket, (counted.get(bucket) ?? 0) + count);
  const names = [...ends.map(String), 'more'];
  const total = names.reduce((sum, name) => sum + (counted.get(name) ?? 0), 0);
  if (total === 0) return null;
  const wanted = share * total;
  let below = 0;
  for (const [index, end] of ends.entries()) {
    const count = counted.get(String(end)) ?? 0;
    if (count > 0 && below + count >= wanted) {
      const start = ends[index - 1] ?? 0;
      return Math.round(start + ((end - start) * Math.max(0, wanted - below)) / count);
    }
    below += count;
  }
  return ends.at(-1) ?? null;
}
