import { PatchbayError } from '@patchbay/core';
import type { IngestItem } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import { malformed, sqlState, storageError } from '../storage-error.ts';

/** What goes in with the host's transaction holds no configuration: a writer of it would wait for the host. */
function checkItems(items: readonly IngestItem[]): void {
  if (items.every((item) => item.plan === null && item.admittedAt === undefined && item.state === undefined)) return;
  throw malformed(
    "A plan, an admission or a state cannot join the host's transaction. Leave them out: the event gets a routing mark and is planned after the commit.",
  );
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const noTransaction = (): PatchbayError =>
  malformed(
    'No transaction is open on this client. Await its begin first: without one the event would stay whatever becomes of your rows.',
  );

const alreadyFailed = (): PatchbayError =>
  malformed(
    'A statement has failed in this transaction, and PostgreSQL takes no more of it. Roll it back and repeat it from its beginning.',
  );

/** Older clients of `pg` do not say whether a transaction is open. The server does: it refuses a savepoint outside of one. */
async function askServer(client: ClientBase): Promise<void> {
  try {
    await client.query('savepoint patchbay; release savepoint patchbay');
  } catch (error) {
    const state = sqlState(error);
    if (state === '25P01') throw noTransaction();
    if (state === '25P02') throw alreadyFailed();
    throw storageError(error);
  }
}

/**
 * Refuses what is no open transaction, before anything is written: a pool, an idle client, one whose transaction has failed. Throws
 * `invalid_argument`.
 */
export async function checkTransaction(client: ClientBase, items: readonly IngestItem[]): Promise<void> {
  const given: unknown = client;
  if (isObject(given) && 'totalCount' in given && 'idleCount' in given) {
    throw malformed(
      'A pool is no transaction: each of its statements may run on another connection. Pass the client that pool.connect() gave and that has begun one.',
    );
  }
  if (!isObject(given) || !('query' in given) || typeof given.query !== 'function') {
    throw malformed(
      'The transaction is no client of pg. Pass the client on which you have begun it; wrappers such as an ORM keep one inside.',
    );
  }
  checkItems(items);
  if (!('getTransactionStatus' in given) || typeof given.getTransactionStatus !== 'function') return askServer(client);
  const status = client.getTransactionStatus();
  if (status === 'E') throw alreadyFailed();
  if (status !== 'T') throw noTransaction();
}

/** States after which the same transaction may succeed: serialisation, deadlock, a lock that was not given in the host's own time. */
const mayPass = /^(40001|40P01|55P03|57014)$/;

/** What a statement that failed inside the host's transaction means: whatever it was, the transaction is lost. */
export function joinedError(error: unknown): unknown {
  if (!(error instanceof PatchbayError)) return error;
  const state = error.details['sqlstate'];
  if (state === '25006') return malformed('The transaction is read only, so no event can be stored in it. Begin one that may write.');
  if (state === '25P02') return alreadyFailed();
  if (typeof state !== 'string' || !mayPass.test(state)) return error;
  const message = `Your transaction met another one (${state}) and has failed with this statement. Roll it back and repeat it from its beginning.`;
  return new PatchbayError({ code: 'storage_unavailable', message, retryable: true, details: error.details });
}
