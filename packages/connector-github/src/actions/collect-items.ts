/** What a listing gives. */
export interface CollectedItems<Item> {
  readonly items: Item[];
  /** False where the limit came first: there may be more. */
  readonly complete: boolean;
}

/** Items of a listing unless the input says otherwise. */
const usualLimit = 100;

/** GitHub's largest page. */
const largestPage = 100;

/** Items of one page: no more than are wanted. */
export const pageSize = (limit = usualLimit): number => Math.min(limit, largestPage);

/** Reads a listing up to a limit; no page is asked for of which nothing is wanted. */
export async function collectItems<Item>(pages: AsyncIterable<Item>, limit = usualLimit): Promise<CollectedItems<Item>> {
  const items: Item[] = [];
  for await (const item of pages) {
    items.push(item);
    if (items.length >= limit) return { items, complete: false };
  }
  return { items, complete: true };
}
