/** A row as the server sent it: every value is its text. What a column means is known where it is read. */
export type Row = Readonly<Record<string, string | null>>;

/** Text of a column. Throws where the statement has no such column or it is null: a fault of ours. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (value === null || value === undefined) throw new TypeError(`The column ${column} holds no value.`);
  return value;
}

/** Text of a column that may be null. */
export const optionalText = (row: Row, column: string): string | null => row[column] ?? null;

/** Number of a column. */
export const number = (row: Row, column: string): number => Number(text(row, column));

/** Number of a column that may be null. */
export function optionalNumber(row: Row, column: string): number | null {
  const value = row[column] ?? null;
  return value === null ? null : Number(value);
}

/** Truth of a boolean column. */
export const flag = (row: Row, column: string): boolean => row[column] === 't';

/** Parsed value of a JSON column that this storage has written; `null` where it is null. */
export function optionalJson<Value>(row: Row, column: string): Value | null {
  const value = row[column] ?? null;
  return value === null ? null : JSON.parse(value);
}
