import type { Clock, Timer } from '../clock/clock.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { HotStore } from '../contracts/hot-store.ts';
import { failureOf } from '../errors/failure-of.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Logger } from '../logger/logger.ts';
import { createStrayWatch, leaseName } from './stray-watch.ts';

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
   * came so late that the lease has been given back, or an earlier one has named the same lease.
   */
  hold(dispatch: ClaimedDispatch, askedAt: number): Running | null;
  drop(running: Running): void;
  /** Everything under way. */
  all(): readonly Running[];
  readonly count: number;
  /** Says that an answer was lost which may have named leases: they are looked for, and go back. */
  doubt(): void;
  /** Gives back at once what nobody here has, where an answer was lost. Then nothing is extended any more. Never rejects. */
  close(): Promise<void>;
}

/** What a watch needs. */
export interface LeaseWatchOptions {
  readonly store: Pick<HotStore, 'defer' | 'extend'>;
  readonly clock: Clock;
  readonly holder: string;
  readonly leaseMs: number;
  readonly logger: Logger;
}

/** Share of the lease after which this process no longer trusts it: its own clock may run slower than the store's. */
const trustedShare = 0.9;

/** Parts of a lease's length between two questions: while the store answers, and after one that it did not. */
const beats = { calm: 1 / 3, anxious: 1 / 30 };

/**
 * A watch that extends all leases by one statement every third of their length, a refused one again soon, and aborts each at its own
 * deadline.
 */
export function createLeaseWatch(options: LeaseWatchOptions): LeaseWatch {
  const { store, clock, holder, leaseMs, logger } = options;
  const running = new Map<string, Running>();
  const strays = createStrayWatch({ store, isHeld: (name) => running.has(name) });
  let beatTimer: Timer | undefined;
  let deadlineTimer: Timer | undefined;
  let beating = false;
  let closed = false;

  const isNeeded = (): boolean => !closed && (running.size > 0 || strays.suspected);

  const arm = (pause = beats.calm): void => {
    if (beatTimer || beating || !isNeeded()) return;
    beatTimer = clock.setTimer(() => {
      beatTimer = undefined;
      beating = true;
      void beat().then((answered) => {
        beating = false;
        arm(answered ? beats.calm : beats.anxious);
      });
    }, leaseMs * pause);
  };

  /** False where the store did not answer. Never rejects. */
  const beat = async (): Promise<boolean> => {
    const asked = [...running.values()];
    const askedAt = clock.monotonic();
    try {
      const leases = await store.extend({ holder, ttlMs: leaseMs });
      const held = new Set(leases.map(leaseName));
      for (const each of asked) {
        if (!running.has(leaseName(each.dispatch))) continue;
        if (held.has(leaseName(each.dispatch))) each.deadline = askedAt + leaseMs * trustedShare;
        else lose(each, 'the store says that another worker may have it');
      }
      await strays.look(leases);
      return true;
    } catch (error) {
      logger.warn('leases could not be extended', failureOf(error));
      return false;
    }
  };

  // A timer of its own: an answer of the store that does not come must not keep what is under way past its deadline.
  const watchDeadlines = (): void => {
    // Asked with every dispatch that comes: only where no timer is set is all that is under way looked through.
    if (deadlineTimer || closed) return;
    const open = [...running.values()].filter(({ abort }) => !abort.signal.aborted);
    if (open.length === 0) return;
    const first = open.reduce((least, { deadline }) => Math.min(least, deadline), Number.POSITIVE_INFINITY);
    deadlineTimer = clock.setTimer(
      () => {
        deadlineTimer = undefined;
        for (const each of running.values()) if (clock.monotonic() >= each.deadline) lose(each, 'it could not be extended in time');
        watchDeadlines();
      },
      Math.max(1, first - clock.monotonic()),
    );
  };

  const rest = (): void => {
    if (!isNeeded()) {
      beatTimer?.cancel();
      beatTimer = undefined;
    }
    if (running.size === 0) {
      deadlineTimer?.cancel();
      deadlineTimer = undefined;
    }
  };

  return {
    hold(dispatch, askedAt) {
      if (strays.wasGivenBack(dispatch) || running.has(leaseName(dispatch))) return null;
      const held: Running = { dispatch, abort: new AbortController(), deadline: askedAt + leaseMs * trustedShare };
      running.set(leaseName(dispatch), held);
      arm();
      watchDeadlines();
      return held;
    },
    drop(each) {
      running.delete(leaseName(each.dispatch));
      rest();
    },
    all: () => [...running.values()],
    get count() {
      return running.size;
    },
    doubt() {
      strays.suspect();
      arm();
    },
    async close() {
      closed = true;
      rest();
      deadlineTimer?.cancel();
      if (!strays.suspected) return;
      try {
        await strays.giveBack(await store.extend({ holder, ttlMs: leaseMs }));
      } catch (error) {
        logger.warn('leases could not be given back; they will expire', failureOf(error));
      }
    },
  };
}

function lose(each: Running, why: string): void {
  each.abort.abort(
    new PatchbayError({ code: 'lease_lost', message: `The lease was lost: ${why}. Whoever takes over goes on.`, retryable: true }),
  );
}
