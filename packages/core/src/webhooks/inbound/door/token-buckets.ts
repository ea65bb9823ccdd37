import type { Clock } from '../../../clock/clock.ts';

/** How often something may happen. */
export interface RequestRate {
  /** In the long run, times a second. */
  readonly perSecond: number;
  /** At once. */
  readonly burst: number;
}

/** A bucket of tokens for each key, full at first. */
export interface TokenBuckets {
  /** Takes one. 0 where there was one, else the milliseconds until there is. */
  take(key: string): number;
  /** Puts one back. */
  giveBack(key: string): void;
  /** Buckets that are remembered. */
  readonly size: number;
}

/** How many buckets are remembered in each of two generations. */
const generationSize = 20_000;

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Buckets in memory. Only those that are not full are kept, in two generations of bounded size: where a flood of keys fills one, the older is forgotten,
 * and what was in it is full again.
 */
export function createTokenBuckets({ perSecond, burst }: RequestRate, clock: Pick<Clock, 'monotonic'>): TokenBuckets {
  let young = new Map<string, Bucket>();
  let old = new Map<string, Bucket>();

  const find = (key: string): Bucket | undefined => young.get(key) ?? old.get(key);
  const keep = (key: string, bucket: Bucket): void => {
    if (young.size >= generationSize && !young.has(key)) {
      old = young;
      young = new Map();
    }
    young.set(key, bucket);
  };

  return {
    take(key) {
      const now = clock.monotonic();
      const found = find(key);
      const tokens = found ? Math.min(burst, found.tokens + ((now - found.at) * perSecond) / 1_000) : burst;
      if (tokens < 1) return Math.ceil(((1 - tokens) * 1_000) / perSecond);
      keep(key, { tokens: tokens - 1, at: now });
      return 0;
    },
    giveBack(key) {
      const bucket = find(key);
      if (!bucket) return;
      bucket.tokens += 1;
      if (bucket.tokens < burst) return;
      young.delete(key);
      old.delete(key);
    },
    get size() {
      return young.size + old.size;
    },
  };
}
