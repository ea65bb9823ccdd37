import type { IdempotencyKey } from '@patchbay/core';
import { isMarked } from './mark-body.ts';

/** What can bear a mark. */
interface Marked {
  readonly body?: string | null | undefined;
}

/** What a search among marked things is given. */
export interface MarkedSearch<Item extends Marked> {
  readonly key: IdempotencyKey;
  /** Newest first, or all of one small place. */
  readonly items: AsyncIterable<Item>;
  /** True where everything further on is older than what is looked for. @default all are looked at */
  readonly isPast?: (item: Item) => boolean;
}

/** Most that one search looks at. A place that gets more in a few minutes is answered with `cannot_tell`. */
const mostItems = 1_000;

/** What bears the key, the oldest of several: a person may have copied the source of ours into a newer one. */
export async function findMarked<Item extends Marked>({ key, items, isPast }: MarkedSearch<Item>): Promise<Item | undefined | 'too many'> {
  let seen = 0;
  let found: Item | undefined;
  for await (const item of items) {
    if (isPast?.(item) === true) break;
    if (++seen > mostItems) return 'too many';
    if (isMarked(key, item.body)) found = item;
  }
  return found;
}

/** The answer where there were too many. */
export const tooMany = { answer: 'cannot_tell', reason: `More than ${mostItems} have come since.` } as const;
