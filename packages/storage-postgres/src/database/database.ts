import { systemClock } from '@patchbay/core/adapter';
import type { ClientBase, Pool } from 'pg';
import type { Row } from '../row.ts';
import { storageError } from '../storage-error.ts';
import { type BoundedPool, boundPool, type TakenClient } from './bounded-pool.ts';
import { nobody, type ScopeOf } from './scope.ts';
import { enterText } from './scope-texts.ts';
import { type Statement, statementTexts } from './statement-texts.ts';
import { createVisits, type Visit } from './visits.ts';

export type { Statement } from './statement-texts.ts';

/** This storage's schema in the host's pool, for rows of one scope. */
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

/** A pool bound to a schema. Nothing can be asked of it before it is said whose rows are meant. */
export interface OpenDatabase {
  readonly pool: Pool;
  readonly schema: string;
  within(scope: ScopeOf): Database;
}

/** What a database is bound from. */
export interface DatabaseOptions {
  readonly pool: Pool;
  readonly schema: string;
  readonly prepare: boolean;
  /** Milliseconds for a client of the pool and for each answer of the server. @default no end, for what a person or an hourly task waits for */
  readonly answerMs?: number;
  /** Tells the server the scope of each call, for its policies. @default false */
  readonly scoped?: boolean;
}

// Parsing is the reader's: the parsers of `pg` belong to the host, who may have changed them for the whole process.
const asText = (value: string): string => value;
const types = { getTypeParser: () => asText };

const command = (taken: TakenClient, text: string): Promise<unknown> =>
  taken.answer(taken.client.query(text)).catch((error: unknown) => {
    throw storageError(error);
  });

async function inTransaction<Result>(taken: TakenClient, start: string, work: (client: ClientBase) => Promise<Result>): Promise<Result> {
  try {
    await command(taken, start);
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

/** What all scopes of one database share. */
interface Connection extends OpenDatabase {
  take(): Promise<TakenClient>;
  isOurs(client: ClientBase): boolean;
  ask(client: ClientBase, statement: Statement, values: readonly unknown[]): Promise<readonly Row[]>;
}

function connect({ pool, schema: name, prepare, answerMs }: DatabaseOptions): Omit<Connection, 'within'> {
  const schema = `"${name}"`;
  const textOf = statementTexts(schema, prepare);
  const bounded: BoundedPool = boundPool({ pool, clock: systemClock, answerMs: answerMs ?? null });
  // A client of the host's own transaction is not ours to close.
  const ours = new WeakMap<ClientBase, TakenClient>();
  return {
    pool,
    schema,
    isOurs: (client) => ours.has(client),
    async take() {
      const taken = await bounded.take();
      ours.set(taken.client, taken);
      // Given back, it may be the host's next.
      const giveBack = (isBroken: boolean): void => {
        ours.delete(taken.client);
        taken.giveBack(isBroken);
      };
      return { ...taken, giveBack };
    },
    async ask(client, statement, values) {
      const asked = client.query<Row, unknown[]>({ ...textOf(statement), values: [...values], types });
      try {
        const { rows } = await (ours.get(client)?.answer(asked) ?? asked);
        return rows;
      } catch (error) {
        throw storageError(error);
      }
    },
  };
}

type Unbound = Omit<Connection, 'within'>;

/** Nothing is said of scopes: who may see the tables sees all rows. */
function unguarded({ pool, schema, take, ask }: Unbound): Database {
  return {
    pool,
    schema,
    async query(statement, values, client) {
      if (client !== undefined) return ask(client, statement, values);
      const taken = await take();
      try {
        const rows = await ask(taken.client, statement, values);
        taken.giveBack(false);
        return rows;
      } catch (error) {
        // As pools do: whatever went wrong, the next caller gets a connection about which there is no doubt.
        taken.giveBack(true);
        throw error;
      }
    },
    transaction: async (work) => inTransaction(await take(), 'begin', work),
  };
}

/**
 * Longest wait of the server for the next word of a call, milliseconds. A process that is stopped before its commit holds what it has written,
 * where without a scope each statement was committed by itself; then the server ends its session.
 */
const longestIdleMs = 10_000;

/** Each call says whose rows it is for, in its own transaction, so that nothing stays on a connection of the pool. */
function guarded(connection: Unbound, visit: Visit, scopeOf: ScopeOf): Database {
  const { pool, schema, take, ask, isOurs } = connection;
  const transaction: Database['transaction'] = async (work) => {
    const start = `begin; set local idle_in_transaction_session_timeout = ${longestIdleMs}; ${enterText(scopeOf())}`;
    return inTransaction(await take(), start, work);
  };
  return {
    pool,
    schema,
    query(statement, values, client) {
      if (client === undefined) return transaction((own) => ask(own, statement, values));
      if (isOurs(client)) return ask(client, statement, values);
      return visit(client, scopeOf(), () => ask(client, statement, values));
    },
    transaction,
  };
}

/** Binds a pool to a schema. Starts nothing. */
export function openDatabase(options: DatabaseOptions): OpenDatabase {
  const connection = connect(options);
  const { pool, schema } = connection;
  const plain = unguarded(connection);
  const visit = createVisits();
  const within = (scope: ScopeOf): Database => (options.scoped === true && scope !== nobody ? guarded(connection, visit, scope) : plain);
  return { pool, schema, within };
}
