import type { Clock } from '../clock/clock.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { Storage } from '../contracts/storage.ts';
import type { CallGuard } from '../gateway/call-guard.ts';
import type { GenerateId } from '../id/generate-id.ts';
import type { Logger } from '../logger/logger.ts';
import type { Notify } from '../notices/notices.ts';
import { type CheckLog, createCheckLog } from './check-log.ts';
import { createHealthBook, type HealthBook, type HealthPlace } from './health-book.ts';
import { factsFrom } from './health-facts.ts';
import type { HealthFacts } from './judge-health.ts';
import { connectionLane, createLaneGates, type LaneGates } from './lane-gates.ts';
import { createOutcomeCounts, type OutcomeCounts } from './outcome-counts.ts';
import { createTrafficGuard } from './traffic-guard.ts';

/** What looks after the health of connections in one process. */
export interface HealthServices {
  readonly book: HealthBook;
  readonly lanes: LaneGates;
  readonly checks: CheckLog;
  readonly outcomes: OutcomeCounts;
  readonly guard: CallGuard;
  /** What is known of a connection beside its traffic; `null` where there is none, or it has ended. */
  readonly factsOf: (place: HealthPlace) => Promise<HealthFacts | null>;
  /** Writes what this process has seen. Never rejects. */
  flush(): Promise<void>;
}

/** What they are made of. */
export interface HealthServicesOptions {
  readonly storage: Pick<Storage<unknown>, 'states' | 'gates' | 'counters' | 'journal'>;
  readonly cache: Pick<ConfigurationCache, 'recent'>;
  readonly clock: Clock;
  readonly generateId: GenerateId;
  readonly random: () => number;
  readonly notify: Notify;
  readonly logger: Logger;
}

/** Milliseconds for which a process goes by the configuration that it knows. */
const trustedFor = 1_000;

/** Makes them. */
export function createHealthServices(options: HealthServicesOptions): HealthServices {
  const { storage, cache } = options;
  const lanes = createLaneGates({ ...options, gates: storage.gates });
  const factsOf = async ({ tenant, connection }: HealthPlace): Promise<HealthFacts | null> => {
    const row = (await cache.recent(tenant, trustedFor)).connection(connection);
    if (row === undefined || row.value.status === 'disconnected') return null;
    const closed = (await lanes.of(tenant)).get(connectionLane(connection)) ?? [];
    return factsFrom(row.value, closed);
  };
  const book = createHealthBook({ ...options, states: storage.states, factsOf });
  const checks = createCheckLog({ ...options, journal: storage.journal });
  const outcomes = createOutcomeCounts({ ...options, counters: storage.counters });
  return {
    book,
    lanes,
    checks,
    outcomes,
    factsOf,
    guard: createTrafficGuard({ ...options, book, lanes }),
    async flush() {
      await Promise.all([book.flush(), checks.flush(), outcomes.flush()]);
    },
  };
}
