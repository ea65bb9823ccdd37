import { isPatchbayError } from '@patchbay/core';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import type { Row } from '../row.ts';
import { isKeyTaken, malformed } from '../storage-error.ts';
import type { StoreMode } from './new-dispatches.ts';

/** Most items of one statement; core's batches are no larger. */
const largestBatch = 64;

/**
 * Splits a batch into parts that follow one another, so that no part has two items with the same key: what one statement does to a row it
 * does once, and of two items the later one meets what the earlier one left. Each part is a list of indexes.
 */
export function partsWithoutRepeats<Item>(
  items: readonly Item[],
  keysOf: (item: Item) => readonly string[],
): readonly (readonly number[])[] {
  const parts: number[][] = [];
  let keys = new Set<string>();
  for (const [index, item] of items.entries()) {
    const own = keysOf(item);
    const last = parts.at(-1);
    if (last === undefined || last.length >= largestBatch || own.some((key) => keys.has(key))) {
      parts.push([index]);
      keys = new Set(own);
    } else {
      last.push(index);
      for (const key of own) keys.add(key);
    }
  }
  return parts;
}

const isItemsFault = (error: unknown): boolean =>
  error instanceof TypeError || (isPatchbayError(error) && error.code === 'invalid_argument');

/** A TypeError comes from reading an item that is not of the contract's shape. */
const itemsFault = (error: unknown): unknown =>
  error instanceof TypeError
    ? malformed('An item does not have the shape that the contract gives it. Compare it with the type of the method.')
    : error;

/**
 * Runs a batch; where it fails for one item's sake, runs its halves, so that the others are done. Then throws what the first bad item
 * met. Each run is all or nothing, so nothing is done twice.
 */
export async function bisect<Item, Result>(
  items: readonly Item[],
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  try {
    return await run(items);
  } catch (error) {
    if (items.length < 2 || !isItemsFault(error)) throw itemsFault(error);
    const middle = items.length >> 1;
    const halves = [items.slice(0, middle), items.slice(middle)];
    const results: Result[] = [];
    let fault: { readonly error: unknown } | null = null;
    for (const half of halves) {
      try {
        results.push(...(await bisect(half, run)));
      } catch (inner) {
        fault ??= { error: inner };
      }
    }
    if (fault !== null) throw fault.error;
    return results;
  }
}

/**
 * Runs a statement that stores rows: the plain one, and the careful one where somebody else has stored one of the rows at the same time.
 */
export async function storeRows(
  database: Database,
  statements: Readonly<Record<StoreMode, Statement>>,
  values: readonly unknown[],
  client?: ClientBase,
): Promise<readonly Row[]> {
  // What fails inside a transaction ends it.
  if (client !== undefined) return database.query(statements.careful, values, client);
  try {
    return await database.query(statements.plain, values);
  } catch (error) {
    if (!isKeyTaken(error)) throw error;
    return database.query(statements.careful, values);
  }
}
