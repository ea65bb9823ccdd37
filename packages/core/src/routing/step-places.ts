import type { Clock } from '../clock/clock.ts';
import type { LeaseStore } from '../contracts/control-stores.ts';

/** Hands out places that all processes share: as many leases as may be under way at once. */
export interface StepPlaces {
  /** What gives a place back, or the milliseconds after which there may be one. */
  enter(request: {
    readonly name: string;
    readonly most: number;
    readonly holder: string;
    readonly forMs: number;
  }): Promise<(() => void) | number>;
}

/** Milliseconds for which nobody here asks again where all places were taken. */
const againMs = 200;

/** Names that are remembered to have no place; beyond it they are asked for each time. */
const remembered = 1_000;

/** Makes one that holds nothing. */
export function createStepPlaces({ leases, clock }: { readonly leases: LeaseStore; readonly clock: Pick<Clock, 'monotonic'> }): StepPlaces {
  const fullUntil = new Map<string, number>();
  /** Places that this process holds, so that none is asked for twice. */
  const held = new Set<string>();
  return {
    async enter({ name, most, holder, forMs }) {
      const left = (fullUntil.get(name) ?? 0) - clock.monotonic();
      if (left > 0) return Math.ceil(left);
      for (let number = 0; number < most; number += 1) {
        const place = `${name}:${number}`;
        if (held.has(place)) continue;
        held.add(place);
        const lease = await leases.acquire({ name: place, holder, ttlMs: forMs }).catch((error: unknown) => {
          held.delete(place);
          throw error;
        });
        if (lease === null) {
          held.delete(place);
          continue;
        }
        return () => {
          held.delete(place);
          fullUntil.delete(name);
          // One that cannot be given back ends by itself.
          leases.release({ name: place, holder, fence: lease.fence }).catch(() => undefined);
        };
      }
      if (fullUntil.size < remembered) fullUntil.set(name, clock.monotonic() + againMs);
      return againMs;
    },
  };
}
