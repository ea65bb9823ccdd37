import type { Clock } from '../../clock/clock.ts';
import type { LeaseStore } from '../../contracts/control-stores.ts';
import type { EndpointPlace } from './endpoint-health.ts';
import { endpointTarget } from './endpoint-target.ts';
import { type EndpointLimits, type EndpointSlot, SlotPool } from './slot-pool.ts';

/** Hands out the places of endpoints: as many leases as deliveries may be under way, each held by one process at a time. */
export interface EndpointSlots {
  /** A place, or the milliseconds after which there may be one. */
  enter(place: EndpointPlace, limits: EndpointLimits): Promise<EndpointSlot | number>;
  /** Has this process begin nothing more for so long. */
  pause(place: EndpointPlace, forMs: number): void;
  /** Lanes in which this process has no place at this moment: it need not be handed more of them. */
  full(): readonly { readonly tenant: string; readonly lane: string }[];
  /** Gives back what this process holds and does not use. */
  close(): Promise<void>;
}

/** What {@link createEndpointSlots} is given. */
export interface EndpointSlotsOptions {
  readonly leases: LeaseStore;
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer'>;
  /** Unique to this process. */
  readonly holder: string;
}

/** Milliseconds between looks at what is not used any more. */
const tidyMs = 2_000;

/** Makes one that holds nothing yet. */
export function createEndpointSlots({ leases, clock, holder }: EndpointSlotsOptions): EndpointSlots {
  const pools = new Map<string, EndpointPlace & { readonly pool: SlotPool; users: number }>();
  let timer: { cancel(): void } | undefined;

  const tidy = async (isEnd: boolean): Promise<void> => {
    await Promise.all(
      [...pools].map(async ([name, entry]) => {
        const isHeld = await entry.pool.tidy(isEnd);
        if (!isHeld && entry.users === 0) pools.delete(name);
      }),
    );
  };

  const tidySoon = (): void => {
    timer ??= clock.setTimer(() => {
      timer = undefined;
      void tidy(false).then(() => {
        if (pools.size > 0) tidySoon();
      });
    }, tidyMs);
  };

  return {
    async enter({ tenant, id }, limits) {
      const name = `${tenant}\u0000${id}`;
      const entry = pools.get(name) ?? {
        tenant,
        id,
        users: 0,
        pool: new SlotPool({ leases, clock, holder, name: `${endpointTarget(id)}:slot` }),
      };
      pools.set(name, entry);
      entry.users += 1;
      tidySoon();
      try {
        return await entry.pool.enter(limits);
      } finally {
        entry.users -= 1;
      }
    },
    pause: ({ tenant, id }, forMs) => pools.get(`${tenant}\u0000${id}`)?.pool.pause(forMs),
    full: () => [...pools.values()].filter(({ pool }) => pool.isFull).map(({ tenant, id }) => ({ tenant, lane: endpointTarget(id) })),
    async close() {
      timer?.cancel();
      timer = undefined;
      await tidy(true);
    },
  };
}
