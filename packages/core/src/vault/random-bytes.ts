import { randomBytes } from 'node:crypto';

/** Answers that many fresh random bytes. What it has given out it never touches again. */
export type RandomBytes = (size: number) => Uint8Array;

/** Bytes fetched at once: enough for ninety envelopes. */
const poolSize = 4_096;

/** Random bytes of the system, fetched in blocks: one call of the generator costs as much as forty slices of a block. */
export function createRandomPool(refill: RandomBytes = randomBytes): RandomBytes {
  let pool: Uint8Array = new Uint8Array(0);
  let used = 0;
  return (size) => {
    if (size > poolSize) return refill(size);
    if (used + size > pool.byteLength) {
      pool = refill(poolSize);
      used = 0;
    }
    used += size;
    return pool.subarray(used - size, used);
  };
}
