import type { Row } from '../../contracts/configuration-store.ts';
import type { GateStore, LeaseStore, NamedLease } from '../../contracts/control-stores.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import { type BreakerState, breakerName, isOpen, readBreaker } from './breaker-state.ts';

/** One connection and one of its hosts. */
export interface BreakerPlace {
  readonly tenant: string;
  readonly connection: Pick<Row<'connection'>, 'id'> & { readonly value: Pick<Row<'connection'>['value'], 'connector'> };
  readonly origin: string;
}

/** What a change has come to. */
export interface BreakerChange {
  readonly before: BreakerState | null;
  readonly after: BreakerState | null;
  /** True where this process has written it. */
  readonly isOwn: boolean;
}

/** Keeps the states of breakers for all processes, and the lanes of their connections closed while they are open. */
export interface BreakerStore {
  read(place: BreakerPlace): Promise<BreakerState | null>;
  /** Changes the state as it is now, whoever changes it at the same time; what answers the state as it was changes nothing. */
  change(place: BreakerPlace, next: (state: BreakerState | null) => BreakerState | null): Promise<BreakerChange>;
  /** Closes the lane of the connection for so long. Where the breaker is not open any more by then, it is opened again. */
  closeLane(place: BreakerPlace, forMs: number): Promise<void>;
  openLane(place: BreakerPlace): Promise<void>;
  /** The one probe over all processes; `null` where another makes it. */
  leaseProbe(place: BreakerPlace, ttlMs: number): Promise<NamedLease | null>;
  endProbe(lease: NamedLease): Promise<void>;
}

/** What {@link createBreakerStore} is given. */
export interface BreakerStoreOptions {
  readonly states: StateStore;
  readonly gates: GateStore;
  readonly leases: LeaseStore;
  /** Unique to this process. */
  readonly holder: string;
}

/** Races for one state that are tried again; whoever won them has said the same. */
const writeTries = 10;

/** The name of a place's state. */
export const nameOf = ({ connection, origin }: Pick<BreakerPlace, 'connection' | 'origin'>): string => breakerName(connection.id, origin);

/** Makes one over the storage. */
export function createBreakerStore({ states, gates, leases, holder }: BreakerStoreOptions): BreakerStore {
  const gateOf = ({ tenant, connection }: BreakerPlace) => ({ tenant, lane: `connection:${connection.id}`, reason: 'breaker' }) as const;
  const openLane = (place: BreakerPlace): Promise<void> => gates.open([gateOf(place)]);
  const read: BreakerStore['read'] = async (place) => readBreaker((await states.read(place.tenant, nameOf(place)))?.value);
  return {
    read,
    async change(place, next) {
      const { tenant } = place;
      const name = nameOf(place);
      for (let tries = 1; ; tries += 1) {
        const stored = await states.read(tenant, name);
        const before = readBreaker(stored?.value);
        const after = next(before);
        if (after === before) return { before, after, isOwn: false };
        const value = after === null ? null : { ...after };
        const [verdict] = await states.write([{ tenant, name, expect: stored?.version ?? 'absent', value }]);
        const isOwn = verdict?.status === 'written';
        if (isOwn || tries === writeTries) return { before, after, isOwn };
      }
    },
    async closeLane(place, forMs) {
      await gates.close([{ ...gateOf(place), forMs: Math.max(0, forMs) }]);
      // It may have closed, or been reset, since that was decided: whoever did so has opened the lane before it was closed here.
      if (!isOpen(await read(place))) await openLane(place);
    },
    openLane,
    leaseProbe: (place, ttlMs) => leases.acquire({ name: `${nameOf(place)}:probe`, holder, ttlMs }),
    endProbe: ({ name, fence }) => leases.release({ name, holder, fence }),
  };
}
