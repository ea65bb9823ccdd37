import { createHash } from 'node:crypto';
import { systemClock } from '@patchbay/core/adapter';
import type { ClientBase, Pool } from 'pg';
import { boundPool, type TakenClient } from './bounded-pool.ts';
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

const command = (taken: TakenClient, word: 'begin' | 'commit' | 'rollback'): Promise<unknown> =>
  taken.answer(taken.client.query(word)).catch((error: unknown) => {
    throw storageError(error);
  });

async function inTransaction<Result>(taken: TakenClient, work: (client: ClientBase) => Promise<Result>): Promise<Result> {
  try {
    await command(taken, 'begin');
    const result = await work(taken.client);
    await command(taken, 'commit');
    taken.giveBack(false);
    return result;
  } catch (error) {
    // A connection whose rollback fails is not given back: nobody knows what state it is in. One that gave no answer is gone already.
    const isBroken = await command(taken, 'rollback').then(
      () => false,
      () => true,
    );
    taken.giveBack(isBroken);
    throw error;
  }
}

/** What a database is bound from. */
export interface DatabaseOptions {
  readonly pool: Pool;
  readonly schema: string;
  readonly prepare: boolean;
  /** Milliseconds for a client of the pool and for each answer of the server. @default no end, for what a person or an hourly task waits for */
  readonly answerMs?: number;
}

/** Binds a pool to a schema. Starts nothing. */
export function openDatabase(options: DatabaseOptions): Database {
  const { pool } = options;
  const schema = `"${options.schema}"`;
  const textOf = statementTexts(schema, options.prepare);
  const bounded = boundPool({ pool, clock: systemClock, answerMs: options.answerMs ?? null });
  // A client of the host's own transaction is not ours to close.
  const ours = new WeakMap<ClientBase, TakenClient>();

  const ask = async (client: ClientBase, statement: Statement, values: readonly unknown[]): Promise<readonly Row[]> => {
    const asked = client.query<Row, unknown[]>({ ...textOf(statement), values: [...values], types });
    const { rows } = await (ours.get(client)?.answer(asked) ?? asked);
    return rows;
  };
  const take = async (): Promise<TakenClient> => {
    const taken = await bounded.take();
    ours.set(taken.client, taken);
    return taken;
  };

  return {
    pool,
    schema,
    async query(statement, values, client) {
      if (client !== undefined)
        return ask(client, statement, values).catch((error: unknown) => {
          throw storageError(error);
        });
      const taken = await take();
      try {
        const rows = await ask(taken.client, statement, values);
        taken.giveBack(false);
        return rows;
      } catch (error) {
        // As pools do: whatever went wrong, the next caller gets a connection about which there is no doubt.
        taken.giveBack(true);
        throw storageError(error);
      }
    },
    transaction: async (work) => inTransaction(await take(), work),
  };
}
