/** What SQLite stores and returns. */
export type Value = string | number | null | Uint8Array;

/** A row as SQLite returns it. */
export type Row = Readonly<Record<string, unknown>>;

/** Text of a column. Throws where the statement has no such column or it is no text: a fault of ours. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`The column ${column} holds no text.`);
  return value;
}

/** Text of a column that may be null. */
export const optionalText = (row: Row, column: string): string | null => (row[column] === null ? null : text(row, column));

/** Number of a column. */
export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`The column ${column} holds no number.`);
  return value;
}

/** Number of a column that may be null. */
export const optionalNumber = (row: Row, column: string): number | null => (row[column] === null ? null : number(row, column));

/** Truth of a column that holds 0 or 1. */
export const flag = (row: Row, column: string): boolean => row[column] === 1;

/** Bytes of a column. */
export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new Error(`The column ${column} holds no bytes.`);
  return value;
}

/** A word of a column, out of those that this version of the package knows. */
export function word<Word extends string>(row: Row, column: string, words: readonly Word[]): Word {
  const value = row[column];
  const found = words.find((one) => one === value);
  if (found === undefined) throw new Error(`The column ${column} holds a word that this version of the package does not know.`);
  return found;
}

/** Parsed value of a column of JSON that this storage has written; `null` where it is null. */
export function optionalJson<Parsed>(row: Row, column: string): Parsed | null {
  const value = optionalText(row, column);
  return value === null ? null : JSON.parse(value);
}

/** Text of a value as JSON, `null` for `null`. */
export const toJson = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
