import { createCounts } from '../batch/create-counts.ts';
import type { Clock } from '../clock/clock.ts';
import { hubScope } from '../contracts/configuration-store.ts';
import type { CounterStore } from '../contracts/control-stores.ts';
import type { GenerateId } from '../id/generate-id.ts';

/** What is counted as gone well or not: accounts connected with OAuth, and access tokens renewed. */
export type CountedOutcome = 'connect' | 'renewal';

/** Counts outcomes by tenant and day. */
export interface OutcomeCounts {
  add(tenant: string, what: CountedOutcome, hasSucceeded: boolean): void;
  /** Writes what has been counted. Never rejects. */
  flush(): Promise<void>;
}

/** How the names of these counts begin. */
export const outcomePrefix = 'oauth:';

/** Name of a count. */
export const outcomeName = (what: CountedOutcome, hasSucceeded: boolean): string =>
  `${outcomePrefix}${what}:${hasSucceeded ? 'succeeded' : 'failed'}`;

/** Counts in memory, and writes at most once a second. */
export function createOutcomeCounts(options: {
  readonly counters: Pick<CounterStore, 'add'>;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly generateId: GenerateId;
}): OutcomeCounts {
  const { counters, clock, generateId } = options;
  const overflow = { tenant: hubScope, name: 'oauth:overflow' };
  const counts = createCounts({ send: (batch) => counters.add(batch), clock, generateId, overflow, maximumNames: 10_000 });
  return {
    add: (tenant, what, hasSucceeded) => counts.add(tenant, outcomeName(what, hasSucceeded)),
    flush: counts.flush,
  };
}
