import type { Clock, Timer } from '../../clock/clock.ts';
import { hubScope } from '../../contracts/configuration-store.ts';
import type { CounterStore } from '../../contracts/control-stores.ts';
import type { GenerateId } from '../../id/generate-id.ts';

/** What can be counted of a delivery. */
export type DeliveryCount = 'received' | 'duplicate' | 'refused' | 'unknown_account' | 'ignored' | 'invalid';

/** Counts deliveries per registration. A request that is refused writes nothing else. */
export interface DeliveryCounts {
  count(what: DeliveryCount, place: { readonly tenant: string; readonly registration: string }): void;
  /** Writes what has been counted. Called on stop. */
  flush(): Promise<void>;
}

/** Names counted between two writes; beyond it they are counted together, so that a flood of made-up URLs fills no memory. */
const maximumNames = 1_000;

/** Milliseconds between writes. */
const flushEvery = 1_000;

/** Counts in memory and adds to the store at most once a second. What cannot be written is kept for the next time. */
export function createDeliveryCounts(options: {
  readonly store: CounterStore;
  readonly clock: Clock;
  readonly generateId: GenerateId;
}): DeliveryCounts {
  const { store, clock, generateId } = options;
  let counted = new Map<string, { tenant: string; name: string; day: string; by: number }>();
  let timer: Timer | undefined;

  const flush = async (): Promise<void> => {
    timer?.cancel();
    timer = undefined;
    if (counted.size === 0) return;
    const batch = counted;
    counted = new Map();
    try {
      await store.add({ id: generateId(), deltas: [...batch.values()] });
    } catch {
      for (const delta of batch.values()) add(delta, delta.by);
    }
  };

  const add = (place: { tenant: string; name: string; day: string }, by: number): void => {
    const key = JSON.stringify([place.tenant, place.name, place.day]);
    const known = counted.get(key);
    if (known) known.by += by;
    else if (counted.size < maximumNames) counted.set(key, { ...place, by });
    else add({ tenant: hubScope, name: 'webhook:overflow', day: place.day }, by);
  };

  return {
    flush,
    count(what, { tenant, registration }) {
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      add({ tenant, name: `webhook:${registration}:${what}`, day }, 1);
      timer ??= clock.setTimer(() => void flush(), flushEvery);
    },
  };
}
