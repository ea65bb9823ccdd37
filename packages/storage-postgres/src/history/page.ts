import type { HistoryPage, PageRequest } from '@patchbay/core/adapter';
import type { Row } from '../row.ts';
import { malformed } from '../storage-error.ts';

/** Most items of one page. */
const largestPage = 500;

/** Rows to ask for: one more than the page holds shows whether another page follows. */
export const rowsFor = (page: PageRequest): number => Math.min(Math.max(1, page.limit), largestPage) + 1;

/**
 * The place behind which a page begins: a value for each column of the order, or nulls at the start. Throws `invalid_argument` for a
 * foreign cursor.
 */
export function parseCursor(cursor: string | null, columns: number): readonly (string | null)[] {
  if (cursor === null) return Array.from({ length: columns }, () => null);
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    place = null;
  }
  if (Array.isArray(place) && place.length === columns && place.every((part) => typeof part === 'string')) return place;
  throw malformed('The cursor of a history page is not one of this storage. Pass back the one of the last page.');
}

/** Makes the page of the rows that were found; `placeOf` names a row by the columns of the order. */
export function pageOf<Item>(
  rows: readonly Row[],
  page: PageRequest,
  read: { readonly item: (row: Row) => Item; readonly placeOf: (row: Row) => readonly string[] },
): HistoryPage<Item> {
  const shown = rows.slice(0, rowsFor(page) - 1);
  const last = shown.at(-1);
  const more = rows.length > shown.length && last !== undefined;
  return {
    items: shown.map(read.item),
    cursor: more ? Buffer.from(JSON.stringify(read.placeOf(last))).toString('base64url') : null,
  };
}
