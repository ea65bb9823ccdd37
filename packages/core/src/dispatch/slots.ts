/** Room for dispatches in this process. */
export interface Slots {
  free(): number;
  /** Keeps up to `most` slots for dispatches that are asked for; answers how many. */
  reserve(most: number): number;
  /** Lets go of reserved slots, just before what came takes them. */
  release(count: number): void;
  /** Slots kept for what is asked for. */
  readonly reserved: number;
}

/** Slots for `concurrency` dispatches, of which `taken()` are under way. */
export function createSlots(concurrency: number, taken: () => number): Slots {
  let reserved = 0;
  const free = (): number => Math.max(0, concurrency - taken() - reserved);
  return {
    free,
    reserve(most) {
      const count = Math.min(Math.max(0, most), free());
      reserved += count;
      return count;
    },
    release(count) {
      reserved -= count;
    },
    get reserved() {
      return reserved;
    },
  };
}
