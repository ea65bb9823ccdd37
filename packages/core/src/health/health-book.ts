import type { Clock } from '../clock/clock.ts';
import type { StateStore } from '../contracts/state-store.ts';
import type { GenerateId } from '../id/generate-id.ts';
import type { Logger } from '../logger/logger.ts';
import type { Notify } from '../notices/notices.ts';
import { createSharedStates } from '../shared-states/create-shared-states.ts';
import { broughtForward } from './check-schedule.ts';
import { type HealthState, healthName, readHealth, unknownHealth, writeHealth } from './health-state.ts';
import { type HealthFacts, judgeHealth } from './judge-health.ts';
import { addSeen, isAlarming, nothingSeen, type SeenTraffic } from './seen-traffic.ts';
import { tellHealth } from './tell-health.ts';

/** One connection of a tenant. */
export interface HealthPlace {
  readonly tenant: string;
  readonly connection: string;
}

/** Keeps what is seen of connections, over all processes. */
export interface HealthBook {
  /**
   * What this process has seen of a connection and not written yet, to be changed in place; it is written within a second where `isUrgent`, else within
   * ten. `undefined`: too many are noted, and this one goes unseen.
   */
  note(tenant: string, connection: string, isUrgent: boolean): SeenTraffic | undefined;
  /** Shares what this process has seen, and tells what it means. Never rejects. */
  flush(): Promise<void>;
}

/** What the book needs. */
export interface HealthBookOptions {
  readonly states: Pick<StateStore, 'read' | 'write'>;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly generateId: GenerateId;
  readonly random: () => number;
  readonly notify: Notify;
  readonly logger: Pick<Logger, 'warn'>;
  /** What else is known of a connection; `null` where there is none, or it has ended: then what is kept of it is forgotten. */
  readonly factsOf: (place: HealthPlace) => Promise<HealthFacts | null>;
}

/** Milliseconds until what is seen is shared. Successes make nobody wait. */
const shareAfter = { urgent: 1_000, usual: 10_000 };

/** Connections that are noted between two writes, and of which the state is remembered. */
const mostConnections = 10_000;

interface Noted {
  readonly place: HealthPlace;
  readonly seen: SeenTraffic;
}

/** Makes the book. The health of a connection is one state, so that whoever writes another level or a warning is the one who tells. */
export function createHealthBook(options: HealthBookOptions): HealthBook {
  const { states, clock, generateId, random, notify, logger, factsOf } = options;
  const shared = createSharedStates<Noted, HealthState>({
    states,
    clock,
    logger,
    subject: 'how connections are doing',
    most: mostConnections,
    placeOf: ({ place: { tenant, connection } }) => ({ tenant, name: healthName(connection) }),
    read: (stored) => (stored === undefined ? unknownHealth : readHealth(stored)),
    async change({ place, seen }, before) {
      const facts = await factsOf(place);
      if (facts === null) return null;
      const now = clock.now();
      const added = addSeen(before, seen, now);
      const hasLooked = seen.check?.healthy === false;
      const planned = hasLooked || isAlarming(seen) ? broughtForward(added, { now, chance: random(), hasLooked }) : added;
      const judged = judgeHealth(planned, facts, now);
      const tell = (): void => tellHealth(notify, { ...place, facts, before, judged, at: clock.now() });
      return { next: judged.state, value: writeHealth(judged.state, generateId()), tell };
    },
  });
  return {
    flush: shared.flush,
    note(tenant, connection, isUrgent) {
      const entry = shared.note(connection, () => ({ place: { tenant, connection }, seen: nothingSeen() }));
      if (entry !== undefined) shared.shareWithin(isUrgent ? shareAfter.urgent : shareAfter.usual);
      return entry?.seen;
    },
  };
}
