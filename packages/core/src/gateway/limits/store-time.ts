import type { Clock } from '../../clock/clock.ts';

/** Tells how far the store's clock is ahead of the monotonic one of this process. */
export interface StoreTime {
  /** Milliseconds to add to a monotonic time. Asked of the store once a minute; rejects as the store does. */
  ahead(): Promise<number>;
  /** The same without waiting: by this machine's clock as long as the store has not been asked. */
  guess(): number;
}

/** Milliseconds for which a comparison of the two clocks is trusted. */
const trustedFor = 60_000;

/** Makes one. `now` answers the store's time, milliseconds since 1970. */
export function createStoreTime(clock: Pick<Clock, 'now' | 'monotonic'>, now: () => Promise<number>): StoreTime {
  let known: { readonly ahead: number; readonly at: number } | undefined;
  let asking: Promise<number> | undefined;

  const ask = async (): Promise<number> => {
    const before = clock.monotonic();
    const there = await now();
    const after = clock.monotonic();
    known = { ahead: there - (before + after) / 2, at: after };
    return known.ahead;
  };

  return {
    ahead() {
      if (known && clock.monotonic() - known.at < trustedFor) return Promise.resolve(known.ahead);
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    guess: () => known?.ahead ?? clock.now() - clock.monotonic(),
  };
}
