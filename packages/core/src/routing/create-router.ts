import type { Clock, Timer } from '../clock/clock.ts';
import type { EventMark } from '../contracts/hot-store.ts';
import type { Queue, Wake } from '../contracts/queue.ts';
import type { Storage } from '../contracts/storage.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import type { Logger } from '../logger/logger.ts';
import { type RouteOptions, routeMark } from './route-mark.ts';

/** Marks claimed at once. */
const marksAtOnce = 20;

/** Routes events that were stored with a mark: configuration that moved, the host's own transaction. */
export interface Router {
  /** Looks for marks from now on. Does nothing after `stop`. */
  start(): void;
  /** Claims no more and resolves when what is under way is written. Final; callable again. */
  stop(): Promise<void>;
  /** Routes what is marked now, as long as `goesOn` says so; answers how many events. */
  work(goesOn?: () => boolean): Promise<number>;
}

/** What the router needs. */
export interface RouterOptions extends Omit<RouteOptions, 'storage' | 'clock'> {
  readonly storage: Pick<Storage<unknown>, 'claimMarks' | 'recordRouting'>;
  readonly queue: Pick<Queue, 'onWake' | 'wake'>;
  readonly clock: Clock;
  readonly holder: string;
  readonly logger: Logger;
  /** Milliseconds between looks. */
  readonly pollMs: number;
  readonly leaseMs: number;
}

/** A router: the fallback hop of the way in, with the same planner. */
export function createRouter(options: RouterOptions): Router {
  const { storage, queue, clock, holder, logger, pollMs, leaseMs } = options;
  let timer: Timer | undefined;
  let unsubscribe: (() => void) | undefined;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let active = false;
  let stopped = false;
  const working = new Set<Promise<unknown>>();

  const work = async (goesOn: () => boolean): Promise<number> => {
    let routed = 0;
    while (goesOn() && !stopped) {
      const marks = await storage.claimMarks({ holder, limit: marksAtOnce, ttlMs: leaseMs });
      for (const mark of marks) await route(mark);
      routed += marks.length;
      if (marks.length > 0) await queue.wake({}).catch(() => undefined);
      // Of those that go in order a claim hands out one.
      if (marks.length === 0) break;
    }
    return routed;
  };

  /** One that cannot be routed keeps its mark and must not keep the others from theirs. */
  const route = async (mark: EventMark): Promise<void> => {
    try {
      await routeMark(options, mark);
    } catch (error) {
      logger.warn('a marked event could not be routed; it is tried again', { eventId: mark.root, error: nameOf(error) });
    }
  };

  const tracked = <Result>(run: Promise<Result>): Promise<Result> => {
    working.add(run);
    const end = (): void => {
      working.delete(run);
    };
    run.then(end, end);
    return run;
  };

  /** One look at a time; those who ask meanwhile get one more, because what they know of may have come after it. */
  const look = (): Promise<void> => {
    lookAgain = looking !== undefined;
    looking ??= tracked(work(() => active))
      .catch((error: unknown) => logger.warn('marked events could not be asked for; they are asked for again', { error: nameOf(error) }))
      .then(() => {
        looking = undefined;
        if (lookAgain && active) void look();
      });
    return looking;
  };

  const tick = (): void => {
    timer = clock.setTimer(() => void look().finally(() => active && tick()), pollMs);
  };

  return {
    work: (goesOn = () => true) => tracked(work(goesOn)),
    start() {
      if (active || stopped) return;
      active = true;
      unsubscribe = queue.onWake((hint) => {
        if (mayBeOfMarks(hint)) void look();
      });
      tick();
    },
    async stop() {
      active = false;
      stopped = true;
      unsubscribe?.();
      timer?.cancel();
      await Promise.allSettled(working);
    },
  };
}

/** A hint that names handlers, dispatches or a time is of dispatches alone. */
function mayBeOfMarks({ handlers, keys, inMs }: Wake): boolean {
  return handlers === undefined && keys === undefined && inMs === undefined;
}

function nameOf(error: unknown): string {
  return isPatchbayError(error) ? error.code : error instanceof Error ? error.name : typeof error;
}
