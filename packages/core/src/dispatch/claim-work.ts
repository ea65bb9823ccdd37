import type { LaneName } from '../contracts/claim-request.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { DispatcherOptions } from './dispatcher-options.ts';
import type { LeaseWatch } from './lease-watch.ts';
import type { Slots } from './slots.ts';

/** What one look for work came to. */
export interface LookResult {
  readonly started: number;
  /** True where the store may have more than was asked for. */
  readonly more: boolean;
}

/** Asks the store for work. */
export interface WorkClaimer {
  /**
   * One look: a suspect alone, then as many ready dispatches as there are slots. One look at a time; others wait for theirs. `everywhere`
   * looks for suspects although their time has not come.
   */
  look(options: { readonly everywhere: boolean }): Promise<LookResult>;
  /** Says that the next look is for suspects as well. */
  lookForSuspects(): void;
  /** Looks under way or waiting. */
  readonly looking: number;
}

/** What a claimer needs. */
export interface WorkClaimerOptions extends Pick<DispatcherOptions, 'storage' | 'executors' | 'clock' | 'figures' | 'holder'> {
  readonly watch: LeaseWatch;
  readonly slots: Slots;
  /** Whether this process takes work on. */
  readonly accepts: () => boolean;
  readonly take: (dispatch: ClaimedDispatch, askedAt: number) => void;
}

/** Makes a claimer. */
export function createWorkClaimer(options: WorkClaimerOptions): WorkClaimer {
  const { storage, executors, clock, figures, holder, watch, slots, accepts, take } = options;
  /** Monotonic time of the next look for suspects: they come by leases that end, not by wake-ups. */
  let suspectsAt = Number.NEGATIVE_INFINITY;
  let looking = 0;
  let last: Promise<unknown> = Promise.resolve();

  const claim = async (
    kind: 'ready' | 'suspect',
    most: number,
    without: readonly LaneName[] = [],
  ): Promise<{ readonly started: number; readonly more: boolean }> => {
    const handlers = [...executors.keys()];
    if (!accepts()) return { started: 0, more: false };
    const limit = slots.reserve(most);
    if (limit === 0 || handlers.length === 0) {
      slots.release(limit);
      return { started: 0, more: handlers.length > 0 };
    }
    const askedAt = clock.monotonic();
    let claimed: readonly ClaimedDispatch[];
    try {
      const left = without.length > 0 ? { without } : {};
      claimed = await storage.claim({ holder, handlers, ...left, limit, replayShare: figures.replayShare, ttlMs: figures.leaseMs, kind });
    } catch (error) {
      watch.doubt();
      throw error;
    } finally {
      slots.release(limit);
    }
    for (const dispatch of claimed) take(dispatch, askedAt);
    return { started: claimed.length, more: claimed.length === limit };
  };

  /** One at a time in this process: what has crashed may take its process along, and then must not take other suspects along. */
  const hasSuspect = (): boolean => watch.all().some(({ dispatch }) => dispatch.crashes > 0);

  const lookOnce = async (everywhere: boolean): Promise<LookResult> => {
    let suspects = 0;
    if (!hasSuspect() && (everywhere || clock.monotonic() >= suspectsAt)) {
      suspectsAt = clock.monotonic() + figures.pollMs;
      suspects = (await claim('suspect', 1)).started;
    }
    // In a bounded turn they are handed out and say when they can go on, so that whoever waits for the next turn knows.
    const without = everywhere ? [] : [...executors.values()].flatMap((executor) => executor.fullLanes?.() ?? []);
    const { started, more } = await claim('ready', figures.concurrency, without);
    return { started: started + suspects, more };
  };

  return {
    async look({ everywhere }) {
      looking += 1;
      const before = last;
      const own = (async () => {
        await before.catch(() => undefined);
        return lookOnce(everywhere);
      })();
      last = own;
      try {
        return await own;
      } finally {
        looking -= 1;
      }
    },
    lookForSuspects() {
      suspectsAt = Number.NEGATIVE_INFINITY;
    },
    get looking() {
      return looking;
    },
  };
}
