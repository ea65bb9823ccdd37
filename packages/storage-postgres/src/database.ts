import { createHash } from 'node:crypto';
import type { ClientBase, Pool, PoolClient } from 'pg';
import type { Row } from './row.ts';
import { storageError } from './storage-error.ts';

/** One SQL operation. `text` is asked for once per schema; the statement is then prepared on every connection that it meets. */
export interface Statement {
  /** Names the operation in the server's statistics and logs, 40 characters at most. */
  readonly name: string;
  text(schema: string): string;
}

/** The host's pool, and this storage's schema in it. */
export interface Database {
  readonly pool: Pool;
  /** The schema, quoted. */
  readonly schema: string;
  /**
   * Runs one statement: on the client given, else on one of the pool, where it is a transaction of its own. Throws {@link storageError}s.
   */
  query(statement: Statement, values: readonly unknown[], client?: ClientBase): Promise<readonly Row[]>;
  /** Runs the work in one transaction, which is rolled back when the work throws. */
  transaction<Result>(work: (client: ClientBase) => Promise<Result>): Promise<Result>;
}

// Parsing is the reader's: the parsers of `pg` belong to the host, who may have changed them for the whole process.
const asText = (value: string): string => value;
const types = { getTypeParser: () => asText };

interface PreparedText {
  readonly text: string;
  readonly name?: string;
}

/** Text of each statement in this schema. The name carries a digest, so that two versions of this package can share a connection. */
function statementTexts(schema: string, prepare: boolean): (statement: Statement) => PreparedText {
  const known = new Map<Statement, PreparedText>();
  return (statement) => {
    const found = known.get(statement);
    if (found !== undefined) return found;
    const text = statement.text(schema);
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
    const made = prepare ? { text, name: `patchbay_${statement.name}_${digest}` } : { text };
    known.set(statement, made);
    return made;
  };
}

const command = (client: PoolClient, word: 'begin' | 'commit' | 'rollback'): Promise<unknown> =>
  client.query(word).catch((error: unknown) => {
    throw storageError(error);
  });

const ignore = (): void => {};

async function inTransaction<Result>(client: PoolClient, work: (client: ClientBase) => Promise<Result>): Promise<Result> {
  // A connection that breaks between two statements says so by an event, and an event that nobody hears ends the process. The next
  // statement fails.
  client.on('error', ignore);
  try {
    await command(client, 'begin');
    const result = await work(client);
    await command(client, 'commit');
    client.off('error', ignore);
    client.release();
    return result;
  } catch (error) {
    // A connection whose rollback fails is not given back: nobody knows what state it is in.
    const broken = await command(client, 'rollback').then(
      () => false,
      () => true,
    );
    client.off('error', ignore);
    client.release(broken);
    throw error;
  }
}

/** Binds a pool to a schema. Starts nothing. */
export function openDatabase(options: { readonly pool: Pool; readonly schema: string; readonly prepare: boolean }): Database {
  const { pool } = options;
  const schema = `"${options.schema}"`;
  const textOf = statementTexts(schema, options.prepare);
  return {
    pool,
    schema,
    async query(statement, values, client) {
      try {
        const { rows } = await (client ?? pool).query<Row, unknown[]>({ ...textOf(statement), values: [...values], types });
        return rows;
      } catch (error) {
        throw storageError(error);
      }
    },
    async transaction(work) {
      const client = await pool.connect().catch((error: unknown) => {
        throw storageError(error);
      });
      return inTransaction(client, work);
    },
  };
}
