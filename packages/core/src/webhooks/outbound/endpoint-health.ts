import type { Clock } from '../../clock/clock.ts';
import type { GateStore, LeaseStore, NamedLease } from '../../contracts/control-stores.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import { endpointTarget } from './endpoint-target.ts';
import { afterFailure, afterSuccess, type HealthState, hasFailedTooLong, isBroken, readHealth, slowDownMs } from './health-state.ts';
import { deliveryTimeoutMs } from './send-delivery.ts';

/** One endpoint of a tenant. */
export interface EndpointPlace {
  readonly tenant: string;
  readonly id: string;
}

/** A delivery that may go out. */
export interface Admission {
  /** The endpoint is broken, and this delivery finds out whether it still is. */
  readonly trial: NamedLease | null;
}

/** What a failure means for the endpoint. */
export interface FailureVerdict {
  /** It has failed for so long that nothing more is to be sent. */
  readonly isLasting: boolean;
  /** Milliseconds for which it is left alone, because it asked for less. */
  readonly slowMs: number;
  /** Milliseconds for which the breaker has opened just now. */
  readonly brokenMs: number;
}

/** Knows how endpoints have been doing, over all processes: breaker and failing since. Nothing is written for those that work. */
export interface EndpointHealth {
  /** Asked before each delivery. A number: it may not go out for so many milliseconds. */
  admit(place: EndpointPlace): Promise<Admission | number>;
  succeeded(place: EndpointPlace, admission: Admission): Promise<void>;
  failed(place: EndpointPlace, admission: Admission, how: { readonly throttled: boolean }): Promise<FailureVerdict>;
  /** Gives a trial back that was not made. */
  withdraw(admission: Admission): Promise<void>;
}

/** What {@link createEndpointHealth} is given. */
export interface EndpointHealthOptions {
  readonly states: StateStore;
  readonly gates: GateStore;
  readonly leases: LeaseStore;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** The store's time, milliseconds since 1970. */
  readonly now: () => Promise<number>;
  /** Unique to this process. */
  readonly holder: string;
}

/** Milliseconds for which this process goes by what it has read of an endpoint. */
const trustedFor = 5_000;

/** Milliseconds for which a trial is one process's. */
const trialMs = deliveryTimeoutMs + 10_000;

/** Milliseconds after which a delivery that was not let in comes again; the gate keeps it from coming before it is open. */
const againMs = 1_000;

/** Endpoints of which the state is remembered. */
const mostKnown = 5_000;

/** Races for one state that are tried again; what is not counted then others have counted. */
const writeTries = 10;

interface Known {
  readonly state: HealthState | null;
  readonly version: number | 'absent';
  readonly readAt: number;
}

/** Where the state of an endpoint is kept. */
export const healthName = (id: string): string => `${endpointTarget(id)}:health`;

/** Makes one that remembers what it reads for five seconds. */
export function createEndpointHealth(options: EndpointHealthOptions): EndpointHealth {
  const { states, gates, leases, clock, holder } = options;
  const known = new Map<string, Known>();
  /** Trials of this process: asked again, its own lease would be handed out a second time. */
  const trials = new Set<string>();

  const keep = ({ tenant, id }: EndpointPlace, entry: Omit<Known, 'readAt'>): Known => {
    const kept = { ...entry, readAt: clock.monotonic() };
    const name = `${tenant}\u0000${id}`;
    known.delete(name);
    known.set(name, kept);
    for (const oldest of known.keys()) {
      if (known.size <= mostKnown) break;
      known.delete(oldest);
    }
    return kept;
  };

  const read = async (place: EndpointPlace, maximumAgeMs: number): Promise<Known> => {
    const entry = known.get(`${place.tenant}\u0000${place.id}`);
    if (entry && clock.monotonic() - entry.readAt < maximumAgeMs) return entry;
    const stored = await states.read(place.tenant, healthName(place.id));
    return keep(place, { state: readHealth(stored?.value), version: stored?.version ?? 'absent' });
  };

  /** Changes the state as it is now, whoever changes it at the same time. Answers what it was and what it is. */
  const change = async (
    place: EndpointPlace,
    next: (state: HealthState | null) => HealthState | null,
  ): Promise<{ readonly before: HealthState | null; readonly after: HealthState | null }> => {
    let entry = await read(place, trustedFor);
    for (let tries = 0; ; tries += 1) {
      const after = next(entry.state);
      if ((after === null && entry.state === null) || tries === writeTries) return { before: entry.state, after };
      const { tenant, id } = place;
      const value = after === null ? null : { ...after };
      const [verdict] = await states.write([{ tenant, name: healthName(id), expect: entry.version, value }]);
      if (verdict?.status === 'written') {
        const version = after === null ? 'absent' : entry.version === 'absent' ? 1 : entry.version + 1;
        keep(place, { state: after, version });
        return { before: entry.state, after };
      }
      entry = await read(place, 0);
    }
  };

  const gateOf = ({ tenant, id }: EndpointPlace) => ({ tenant, lane: endpointTarget(id), reason: 'breaker' }) as const;
  const endTrial = async ({ trial }: Admission): Promise<void> => {
    if (!trial) return;
    trials.delete(trial.name);
    await leases.release({ name: trial.name, holder, fence: trial.fence });
  };

  /** The trial of a broken endpoint, for one delivery over all processes. */
  const beginTrial = async (place: EndpointPlace, name: string): Promise<Admission | number> => {
    const trial = await leases.acquire({ name, holder, ttlMs: trialMs });
    if (trial === null) trials.delete(name);
    // While somebody tries it, nobody else need ask.
    await gates.close([{ ...gateOf(place), forMs: trialMs }]);
    if (trial === null) return againMs;
    const again = await read(place, 0);
    if (isBroken(again.state)) return { trial };
    await endTrial({ trial });
    await gates.open([gateOf(place)]);
    return { trial: null };
  };

  return {
    async admit(place) {
      const remembered = await read(place, trustedFor);
      if (!isBroken(remembered.state)) return { trial: null };
      const now = await options.now();
      // What is remembered may be of before it was enabled anew, and would close its lane for as long as it was broken then.
      const { state } = (remembered.state?.openUntil ?? 0) > now ? await read(place, 0) : remembered;
      if (state === null || !isBroken(state)) return { trial: null };
      const left = state.openUntil - now;
      if (left > 0) {
        await gates.close([{ ...gateOf(place), forMs: left }]);
        return left;
      }
      const name = `${endpointTarget(place.id)}:trial`;
      if (trials.has(name)) return againMs;
      trials.add(name);
      try {
        return await beginTrial(place, name);
      } catch (error) {
        // A trial that nobody makes would keep this process from every other one.
        trials.delete(name);
        throw error;
      }
    },
    async succeeded(place, admission) {
      try {
        const { before } = await change(place, (state) => state && afterSuccess(state));
        if (isBroken(before)) await gates.open([gateOf(place)]);
      } finally {
        await endTrial(admission);
      }
    },
    async failed(place, admission, { throttled }) {
      try {
        const now = await options.now();
        const { before, after } = await change(place, (state) => afterFailure(state, { now, throttled }));
        const isOpening = after !== null && after.opens !== before?.opens && isBroken(after);
        const brokenMs = isOpening ? after.openUntil - now : 0;
        if (isOpening) {
          // A gate is never moved to an earlier end, and that of the trial may end later.
          await gates.open([gateOf(place)]);
          await gates.close([{ ...gateOf(place), forMs: brokenMs }]);
        }
        return {
          isLasting: after !== null && hasFailedTooLong(after),
          slowMs: throttled && after !== null ? slowDownMs(after) : 0,
          brokenMs,
        };
      } finally {
        await endTrial(admission);
      }
    },
    withdraw: endTrial,
  };
}
