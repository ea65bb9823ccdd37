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
 * SQLite keeps text as UTF-8, which has no form for half a surrogate pair: it would come back as another character, and two keys as
 * one. Throws `invalid_argument` for it.
 */
function checkValues(values: readonly Value[]): void {
  for (const value of values) {
    if (typeof value !== 'string' || value.isWellFormed()) continue;
    throw malformed('A text holds half a surrogate pair, which no file can keep. Repair it with toWellFormed().');
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
