import type { IngestState, IngestVerdict } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import { writeExpecting } from '../control/postgres-states.ts';
import type { Database } from '../database/database.ts';

/** A verdict with which nothing may stay: what threw it is rolled back. */
class NotStored extends Error {
  readonly verdict: IngestVerdict;
  constructor(verdict: IngestVerdict) {
    super(verdict.status);
    this.verdict = verdict;
  }
}

/** Runs work in one transaction with the state, and rolls both back where an item has not been stored. */
type Store = (work: (client: ClientBase) => Promise<readonly IngestVerdict[]>) => Promise<readonly IngestVerdict[]>;

/**
 * Stores one item together with its state. The state is written first: its row is what racers meet at, so that they come to it in one order, and
 * whoever finds another version stores nothing.
 */
export async function underState(
  { database, tenant, state }: { readonly database: Database; readonly tenant: string; readonly state: IngestState },
  run: (store: Store) => Promise<readonly IngestVerdict[]>,
): Promise<IngestVerdict> {
  const store: Store = (work) =>
    database.transaction(async (client) => {
      const written = await writeExpecting(database, { ...state, tenant }, client);
      if (written.status === 'conflict') throw new NotStored({ status: 'stale' });
      const [verdict] = await work(client);
      if (verdict?.status === 'created' || verdict?.status === 'duplicate') return [verdict];
      throw new NotStored(verdict ?? { status: 'busy' });
    });
  try {
    const [verdict] = await run(store);
    return verdict ?? { status: 'busy' };
  } catch (error) {
    if (error instanceof NotStored) return error.verdict;
    throw error;
  }
}
