/** Keys that were added of late. */
export interface RecentKeys {
  add(key: string): void;
  has(key: string): boolean;
  /** Keys that are remembered. */
  readonly size: number;
}

/** How many keys are remembered in each of two generations. */
const generationSize = 20_000;

/** Keys in memory, in two generations of bounded size: where one is full, the older is forgotten. */
export function createRecentKeys(): RecentKeys {
  let young = new Set<string>();
  let old = new Set<string>();
  return {
    add(key) {
      if (young.size >= generationSize) {
        old = young;
        young = new Set();
      }
      young.add(key);
    },
    has: (key) => young.has(key) || old.has(key),
    get size() {
      return young.size + old.size;
    },
  };
}
