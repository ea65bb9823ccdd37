import type { Clock } from '../../clock/clock.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import type { ErrorClass } from '../../errors/error-class.ts';
import type { Notify } from '../../notices/notices.ts';
import { type BreakerState, closed, isOpen, type OpenTimes, opened } from './breaker-state.ts';
import { type BreakerPlace, type BreakerStore, nameOf } from './breaker-store.ts';
import { type BreakerViews, knownBreaker } from './breaker-views.ts';
import { listBreakers } from './list-breakers.ts';

/** Moves breakers from one state to another, for all processes. Only these write. */
export interface BreakerTransitions {
  /** Opens it, unless it is open. */
  open(place: BreakerPlace, cause: ErrorClass): Promise<void>;
  /** Opens it again for longer, after a probe that failed. One that is another than was `probed` stays as it is. */
  reopen(place: BreakerPlace, cause: ErrorClass, probed: BreakerState): Promise<void>;
  /** Closes it after a probe that went well. */
  close(place: BreakerPlace): Promise<void>;
  /** Closes all of a connection, and forgets how often they had opened. Answers how many were open. */
  reset(tenant: string, connection: Row<'connection'>): Promise<number>;
}

/** What {@link createBreakerTransitions} is given. */
export interface BreakerTransitionsOptions {
  readonly store: BreakerStore;
  readonly views: Pick<BreakerViews, 'put'>;
  readonly states: StateStore;
  readonly clock: Pick<Clock, 'monotonic' | 'now'>;
  /** The store's time, milliseconds since 1970. */
  readonly now: () => Promise<number>;
  readonly notify: Notify;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly times: OpenTimes;
  /** Called when a lane is open again. */
  readonly wake: () => void;
}

/** Makes what moves them. */
export function createBreakerTransitions(options: BreakerTransitionsOptions): BreakerTransitions {
  const { store, views, now, random, times, wake } = options;

  const know = (place: BreakerPlace, state: BreakerState | null, storeNow: number): void => {
    const at = options.clock.monotonic();
    views.put(place.tenant, nameOf(place), state !== null && isOpen(state) ? knownBreaker(state, { at, storeNow }) : null);
  };

  const toOpen = async (place: BreakerPlace, cause: ErrorClass, mayOpen: (state: BreakerState | null) => boolean): Promise<void> => {
    const storeNow = await now();
    const figures = { ...times, now: storeNow, cause, random: random() };
    const { before, after, isOwn } = await store.change(place, (state) => (mayOpen(state) ? opened(state, figures) : state));
    know(place, after, storeNow);
    if (!isOwn || after === null) return;
    // A gate is never moved to an earlier end, and that of a probe may end later.
    if (isOpen(before)) await store.openLane(place);
    await store.closeLane(place, after.openUntil - storeNow);
    tellOpened(options, place, { ...after, openMs: after.openUntil - storeNow });
  };

  return {
    open: (place, cause) => toOpen(place, cause, (state) => !isOpen(state)),
    reopen: (place, cause, probed) => toOpen(place, cause, (state) => isOpen(state) && state?.at === probed.at),
    async close(place) {
      const storeNow = await now();
      const { isOwn } = await store.change(place, (state) => (state !== null && isOpen(state) ? closed(state, storeNow) : state));
      know(place, null, storeNow);
      const others = await listBreakers(options.states, place.tenant, place.connection.id);
      if (!others.some(({ state }) => isOpen(state))) await store.openLane(place);
      wake();
      if (isOwn) tellClosed(options, place, 'probe');
    },
    async reset(tenant, connection) {
      const found = await listBreakers(options.states, tenant, connection.id);
      for (const { origin, state } of found) {
        const place = { tenant, connection, origin };
        await store.change(place, () => null);
        know(place, null, 0);
        if (isOpen(state)) tellClosed(options, place, 'operator');
      }
      // Also where none is stored: whoever resets it wants the lane open.
      await store.openLane({ tenant, connection, origin: '' });
      wake();
      return found.filter(({ state }) => isOpen(state)).length;
    },
  };
}

type Told = Pick<BreakerTransitionsOptions, 'notify' | 'clock'>;

function tellOpened({ notify, clock }: Told, place: BreakerPlace, state: BreakerState & { readonly openMs: number }): void {
  const { cause, opens, openMs } = state;
  notify('connection.breaker_opened', { ...idsOf(place), cause, opens, openMs, at: clock.now() });
}

function tellClosed({ notify, clock }: Told, place: BreakerPlace, by: 'probe' | 'operator'): void {
  notify('connection.breaker_closed', { ...idsOf(place), by, at: clock.now() });
}

const idsOf = ({ tenant, connection, origin }: BreakerPlace) => ({
  tenant,
  connectionId: connection.id,
  connectorId: connection.value.connector,
  origin,
});
