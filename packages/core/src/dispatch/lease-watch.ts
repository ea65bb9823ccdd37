import type { Clock, Timer } from '../clock/clock.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Held, HotStore } from '../contracts/hot-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Logger } from '../logger/logger.ts';

/** A dispatch in this process's hands. */
export interface Running {
  readonly dispatch: ClaimedDispatch;
  readonly abort: AbortController;
  /** Monotonic time after which nothing may be sent or assumed. */
  deadline: number;
}

/** Keeps the leases of this process alive, and lets go of what it has lost. */
export interface LeaseWatch {
  /**
   * `askedAt`: monotonic time before the lease was asked for; the lease cannot end later than that plus its length. `null`: the answer
   * came so late that the lease has been given back.
   */
  hold(dispatch: ClaimedDispatch, askedAt: number): Running | null;
  drop(running: Running): void;
  /** Everything under way. */
  all(): readonly Running[];
  readonly count: number;
  stop(): void;
}

/** Share of the lease after which this process no longer trusts it: its own clock may run slower than the store's. */
const trustedShare = 0.9;

/** A watch that extends all leases by one statement every third of their length, while there are any. */
export function createLeaseWatch(options: {
  readonly store: Pick<HotStore, 'defer' | 'extend'>;
  readonly clock: Clock;
  readonly holder: string;
  readonly leaseMs: number;
  readonly logger: Logger;
}): LeaseWatch {
  const { store, clock, holder, leaseMs, logger } = options;
  const running = new Map<string, Running>();
  /** Leases that the store names and nobody here has: their answer is under way, or was lost. */
  let strays = new Set<string>();
  const givenBack = new Set<string>();
  let timer: Timer | undefined;

  const arm = (): void => {
    timer ??= clock.setTimer(() => {
      timer = undefined;
      if (running.size > 0) void beat().finally(() => running.size > 0 && arm());
    }, leaseMs / 3);
  };

  const beat = async (): Promise<void> => {
    const asked = [...running.values()];
    const askedAt = clock.monotonic();
    try {
      const leases = await store.extend({ holder, ttlMs: leaseMs });
      const held = new Set(leases.map(nameOf));
      for (const each of asked) {
        if (!running.has(nameOf(each.dispatch))) continue;
        if (held.has(nameOf(each.dispatch))) each.deadline = askedAt + leaseMs * trustedShare;
        else lose(each, 'the store says that another worker may have it');
      }
      await giveBackStrays(leases.filter((lease) => !running.has(nameOf(lease))));
    } catch (error) {
      logger.warn('leases could not be extended', { error: error instanceof Error ? error.name : 'unknown' });
    }
    for (const each of running.values()) if (clock.monotonic() >= each.deadline) lose(each, 'it could not be extended in time');
  };

  /** A lease whose answer was lost would be extended for ever: one that is seen twice goes back, unused. */
  const giveBackStrays = async (seen: readonly Held[]): Promise<void> => {
    const lost = seen.filter((lease) => strays.has(nameOf(lease)));
    strays = new Set(seen.map(nameOf));
    if (lost.length === 0) return;
    for (const lease of lost) givenBack.add(nameOf(lease));
    await store.defer(lost.map((lease) => ({ ...lease, delayMs: 0, reason: 'answer_lost', nothingSent: true })));
  };

  const lose = (each: Running, why: string): void => {
    each.abort.abort(
      new PatchbayError({ code: 'lease_lost', message: `The lease was lost: ${why}. Whoever takes over goes on.`, retryable: true }),
    );
  };

  return {
    hold(dispatch, askedAt) {
      if (givenBack.delete(nameOf(dispatch))) return null;
      const held: Running = { dispatch, abort: new AbortController(), deadline: askedAt + leaseMs * trustedShare };
      running.set(nameOf(dispatch), held);
      arm();
      return held;
    },
    drop: (each) => {
      running.delete(nameOf(each.dispatch));
    },
    all: () => [...running.values()],
    get count() {
      return running.size;
    },
    stop() {
      timer?.cancel();
      timer = undefined;
    },
  };
}

function nameOf(lease: Pick<Held, 'handle' | 'fence'>): string {
  return `${lease.handle}:${lease.fence}`;
}
