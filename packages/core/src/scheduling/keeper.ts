import { dayMs } from '../clock/day-of.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { NewDispatch } from '../contracts/dispatch-records.ts';
import type { Outcome } from '../contracts/executor.ts';
import type { Publisher } from '../events/create-publisher.ts';
import type { GenerateId } from '../id/generate-id.ts';

/** What is looked after by a dispatch that comes back: a schedule, a polling trigger. */
export interface Kept {
  readonly tenant: string;
  /** Names it for good: a keeper of this name is there once. Another version of the same thing has another name. */
  readonly name: string;
  readonly target: string;
  readonly handler: string;
  readonly lane: string;
  readonly operation: string;
  /** Id, where it looks through one. */
  readonly connection: string | null;
}

/** What sending keepers needs. */
export interface KeeperParts {
  readonly publisher: Pick<Publisher, 'ingest'>;
  readonly cache: Pick<ConfigurationCache, 'read'>;
  readonly generateId: GenerateId;
}

/**
 * Days after which a keeper hands over to the next. It stands in the ledger below its own id, whose days of history stay for as long as it is open;
 * and a guard is remembered for longer than that.
 */
const keeperDays = 7;

/** Which of its keepers looks after a thing at a time of the store's, milliseconds since 1970. */
export const turnAt = (now: number): number => Math.floor(now / (keeperDays * dayMs));

/** Has a keeper look after something, once over all processes and calls; where one does already, nothing happens. */
export async function sendKeeper({ publisher, cache, generateId }: KeeperParts, kept: Kept, now: number): Promise<void> {
  const { tenant, name } = kept;
  const root = generateId();
  const turn = turnAt(now);
  const item = { tenant, root, dedupe: { key: `keeper:${name}:${turn}`, hash: null }, event: null };
  await publisher.ingest(item, async (fresh) => {
    const { revision } = await cache.read(tenant, { fresh });
    return { revision, considered: [], runs: [], dispatches: [keeperDispatch(kept, root, turn)] };
  });
}

function keeperDispatch({ tenant, name, target, handler, lane, operation, connection }: Kept, root: string, turn: number): NewDispatch {
  return {
    key: { tenant, root, target, replay: 0, path: 'keep' },
    ...{ handler, lane, operation, connection },
    workClass: 'live',
    input: JSON.stringify({ name, turn }),
    version: null,
    delayMs: 0,
    mark: 'claim',
    onUnknown: 'retry',
    ordering: null,
  };
}

/** Comes back after so many milliseconds, without an attempt. */
export const comeBack = (delayMs: number, reason: string): Outcome => ({
  outcome: 'deferred',
  delayMs: Math.max(1, Math.ceil(delayMs)),
  reason,
});

/** Has nothing to look after any more. */
export const keptNoMore: Outcome = { outcome: 'succeeded', output: null };
