import type { ClientBase } from 'pg';
import type { Row } from '../row.ts';
import { storageError } from '../storage-error.ts';
import type { Scope } from './scope.ts';
import { leaveText, visitText } from './scope-texts.ts';

/** Asks inside a transaction of the host's, in a scope. */
export type Visit = (client: ClientBase, scope: Scope, ask: () => Promise<readonly Row[]>) => Promise<readonly Row[]>;

const ignore = (): void => {};

/** Leaves the settings as they were. A statement that fails has ended the transaction, settings included. */
const visitOnce: Visit = async (client, scope, ask) => {
  const run = (text: string): Promise<unknown> =>
    client.query(text).catch((error: unknown) => {
      throw storageError(error);
    });
  await run(visitText(scope));
  const rows = await ask();
  await run(leaveText);
  return rows;
};

/**
 * Makes the visits to clients of the host's: one after the other on each client. Two at once would ask in each other's scope, and keep that as what the
 * host had set.
 */
export function createVisits(): Visit {
  const last = new WeakMap<ClientBase, Promise<unknown>>();
  return (client, scope, ask) => {
    const visited = (last.get(client) ?? Promise.resolve()).catch(ignore).then(() => visitOnce(client, scope, ask));
    last.set(client, visited);
    return visited;
  };
}
