/** Work in parts. */
export interface PartsOptions<Item, Result> {
  readonly items: readonly Item[];
  /** Items of one part. */
  readonly size: number;
  readonly work: (item: Item) => Promise<Result>;
  /** Asked after each part whether going on is of no use. @default never */
  readonly isOver?: (results: readonly PromiseSettledResult<Result>[]) => boolean;
}

/** Does the work for the items, a part of them at a time, whatever becomes of each. What was left out has no result. */
export async function settleInParts<Item, Result>(options: PartsOptions<Item, Result>): Promise<readonly PromiseSettledResult<Result>[]> {
  const { items, size, work, isOver = () => false } = options;
  const results: PromiseSettledResult<Result>[] = [];
  for (let from = 0; from < items.length && !isOver(results); from += size) {
    results.push(...(await Promise.allSettled(items.slice(from, from + size).map(work))));
  }
  return results;
}
