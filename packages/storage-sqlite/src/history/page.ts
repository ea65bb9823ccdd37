import type { HistoryPage, PageRequest } from '@patchbay/core/adapter';
import { malformed } from '../sql/refusal.ts';
import type { Row, Value } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

/** Most items of one page. */
const largestPage = 500;

const sizeOf = (page: PageRequest): number => Math.min(Math.max(1, page.limit), largestPage);

const isPlace = (place: unknown, columns: number): place is (string | number)[] =>
  Array.isArray(place) && place.length === columns && place.every((part) => typeof part === 'string' || typeof part === 'number');

/** The place behind which a page begins, a value for each column of the order. Throws `invalid_argument` for a foreign cursor. */
function parseCursor(cursor: string, columns: number): readonly (string | number)[] {
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    place = null;
  }
  if (isPlace(place, columns)) return place;
  throw malformed('The cursor of a history page is not one of this storage. Pass back the one of the last page.');
}

/** What a page is read from. */
export interface PageSource<Item> {
  readonly table: string;
  readonly columns: string;
  /** Columns that name a row. */
  readonly order: readonly string[];
  /** A value for each column that is asked for; undefined asks for nothing. */
  readonly filter: Readonly<Record<string, Value | undefined>>;
  /** Conditions besides, each with a value for every `?` in it. */
  readonly conditions?: readonly { readonly sql: string; readonly values: readonly Value[] }[];
  readonly item: (row: Row) => Item;
}

/** Reads a page. The texts that this makes are few: one for each set of columns that is asked for. */
export function readPage<Item>(session: Session, page: PageRequest, source: PageSource<Item>): HistoryPage<Item> {
  const { table, columns, order, filter, item } = source;
  const [direction, beyond] = page.order === 'oldest' ? ['asc', '>'] : ['desc', '<'];
  const wanted = Object.entries(filter).flatMap(([column, value]) => (value === undefined ? [] : [{ column, value }]));
  const place = page.cursor === null ? [] : parseCursor(page.cursor, order.length);
  const others = source.conditions ?? [];
  const conditions = [...wanted.map(({ column }) => `${column} = ?`), ...others.map(({ sql }) => sql)];
  if (place.length > 0) conditions.push(`(${order.join(', ')}) ${beyond} (${order.map(() => '?').join(', ')})`);
  const inOrder = order.map((column) => `${column} ${direction}`).join(', ');
  const sql = `select ${columns} from ${table} where ${conditions.join(' and ')} order by ${inOrder} limit ?`;
  const size = sizeOf(page);
  const values = [...wanted.map(({ value }) => value), ...others.flatMap((other) => other.values)];
  const rows = session.all(sql, ...values, ...place, size + 1);
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const more = rows.length > shown.length && last !== undefined;
  const placeOf = (row: Row): string => JSON.stringify(order.map((column) => row[column]));
  return { items: shown.map(item), cursor: more ? Buffer.from(placeOf(last)).toString('base64url') : null };
}
