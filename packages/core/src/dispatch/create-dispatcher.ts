import type { LeaseTaker } from '../contracts/lease-taker.ts';
import { createChangeSignal } from './change-signal.ts';
import { createWorkClaimer } from './claim-work.ts';
import { createDispatchRunner } from './dispatch-runner.ts';
import type { DispatcherOptions } from './dispatcher-options.ts';
import { createLeaseWatch, type Running } from './lease-watch.ts';
import { createSlots } from './slots.ts';
import { stopWork } from './stop-work.ts';
import { takeTurn } from './take-turn.ts';
import { createWorkPump } from './work-pump.ts';
import { createResolutionWriter } from './write-resolution.ts';

/** The worker of one process. */
export interface Dispatcher extends LeaseTaker {
  /** Claims and executes from now on. Callable again; does nothing after `stop`. */
  start(): void;
  /**
   * Claims no more, gives back what has not begun, waits for what is under way, aborts it after the grace, and resolves when all is
   * written: within the grace and two lease lengths, whatever the store does. Final; callable again.
   */
  stop(): Promise<void>;
  /** Works until nothing is due, or until the deadline (milliseconds from now). Answers how many dispatches it executed. */
  work(options: { readonly deadlineMs: number; readonly reserveMs: number }): Promise<number>;
  /** What is under way in this process at this moment. */
  figures(): DispatcherFigures;
}

/** What a dispatcher has under way. */
export interface DispatcherFigures {
  /** Effects that may be under way at once. */
  readonly slots: number;
  readonly executing: number;
  /** Those that only wait for their outcome to be written. */
  readonly settling: number;
  /** Leases that this process holds. */
  readonly leases: number;
}

/** A dispatcher: claims when a slot is free, executes, settles. It never knows what a dispatch is for. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { storage, queue, executors, clock, figures, holder } = options;
  const giveUp = new AbortController();
  const changes = createChangeSignal();
  const watch = createLeaseWatch({ ...options, store: storage, leaseMs: figures.leaseMs });
  /** What only waits for its outcome to be written. It takes no slot: the store is no reason to leave a provider idle, up to a bound. */
  const settling = new Set<Running>();
  const slots = createSlots(figures.concurrency, () => watch.count - Math.min(settling.size, figures.concurrency));
  let active = false;
  let turns = 0;
  let unsubscribe: (() => void) | undefined;
  let stopping: Promise<void> | undefined;

  const canExecute = (handlers: readonly string[]): boolean => handlers.every((handler) => executors.has(handler));
  const writer = createResolutionWriter({
    ...options,
    mayLease: (handlers) => active && canExecute(handlers),
    leaveSlot(running) {
      settling.add(running);
      pump.slotFreed();
    },
    giveUp: giveUp.signal,
  });
  const accepts = (): boolean => !stopping && (active || turns > 0);
  const runner = createDispatchRunner({
    ...options,
    watch,
    writer,
    accepts,
    lookIn: (delayMs) => (delayMs > 0 ? pump.lookIn(delayMs) : pump.look()),
    ended: (running) => ended(running),
  });
  const claimer = createWorkClaimer({ ...options, watch, slots, accepts, take: runner.take });
  const look: typeof claimer.look = (where) => claimer.look(where).finally(changes.raise);
  const pump = createWorkPump({
    ...options,
    pollMs: figures.pollMs,
    look: () => look({ everywhere: false }),
    hasRoom: () => slots.free() > 0,
    nextDue: () => storage.nextDue({ handlers: [...executors.keys()] }),
  });
  const ended = (running: Running | null): void => {
    if (running) settling.delete(running);
    changes.raise();
    if (running && running.dispatch.crashes > 0) {
      claimer.lookForSuspects();
      pump.look();
    }
    pump.slotFreed();
  };
  const isBusy = (): boolean => watch.count + slots.reserved + claimer.looking + runner.returning > 0;

  return {
    start() {
      if (active || stopping !== undefined) return;
      active = true;
      unsubscribe = queue.onWake(({ inMs = 0 }) => (inMs > 0 ? pump.lookIn(inMs) : pump.look()));
      pump.start();
    },
    stop() {
      active = false;
      unsubscribe?.();
      pump.stop();
      stopping ??= stopWork({ clock, figures, watch, giveUp, isBusy, nextChange: changes.next });
      return stopping;
    },
    async work(limits) {
      const before = runner.executed;
      turns += 1;
      try {
        const stops = (): boolean => stopping !== undefined;
        await takeTurn({ ...limits, clock, look, watch, isBusy, nextChange: changes.next, goesOn: () => active, stops });
      } finally {
        turns -= 1;
      }
      return runner.executed - before;
    },
    figures: () => ({
      slots: figures.concurrency,
      executing: watch.count - settling.size,
      settling: settling.size,
      leases: watch.count,
    }),
    reserve(handlers) {
      const kept = active && canExecute(handlers) ? slots.reserve(handlers.length) : 0;
      if (kept === 0) return null;
      const askedAt = clock.monotonic();
      return {
        lease: { holder, ttlMs: figures.leaseMs, limit: kept },
        take(dispatches) {
          slots.release(kept);
          if (dispatches === null) watch.doubt();
          for (const dispatch of dispatches ?? []) runner.take(dispatch, askedAt);
          ended(null);
        },
      };
    },
  };
}
