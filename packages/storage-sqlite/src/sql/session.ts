import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { malformed } from './refusal.ts';
import type { Row, Value } from './row.ts';

/** Statements on one connection. Each text is prepared once and kept, so texts are constants and never carry values. */
export interface Session {
  /** The first row. */
  get(sql: string, ...values: readonly Value[]): Row | undefined;
  all(sql: string, ...values: readonly Value[]): readonly Row[];
  /** Rows one by one, for who looks no further than needed. No other use of the same text meanwhile. */
  each(sql: string, ...values: readonly Value[]): Iterable<Row>;
  /** Runs a statement that returns no rows. Answers how many rows it changed. */
  run(sql: string, ...values: readonly Value[]): number;
}

/**
 * Refuses text that would not come back as it is: SQLite keeps UTF-8, which has no form for half a surrogate pair, and Node 22 reads a text
 * up to its first NUL. Two keys would become one. Throws `invalid_argument`.
 */
function checkValues(values: readonly Value[]): void {
  for (const value of values) {
    if (typeof value !== 'string') continue;
    if (!value.isWellFormed())
      throw malformed('A text holds half a surrogate pair, which no file can keep. Repair it with toWellFormed().');
    if (value.includes('\u0000')) throw malformed('A text holds a NUL character, which the storage cannot keep. Take it out.');
  }
}

/** Binds statements to a connection. */
export function createSession(database: Pick<DatabaseSync, 'prepare'>): Session {
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const found = statements.get(sql);
    if (found !== undefined) return found;
    const made = database.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  return {
    get(sql, ...values) {
      checkValues(values);
      return prepare(sql).get(...values);
    },
    all(sql, ...values) {
      checkValues(values);
      return prepare(sql).all(...values);
    },
    each(sql, ...values) {
      checkValues(values);
      return prepare(sql).iterate(...values);
    },
    run(sql, ...values) {
      checkValues(values);
      return Number(prepare(sql).run(...values).changes);
    },
  };
}
