import type { Clock } from '../clock/clock.ts';
import type { EventMark } from '../contracts/hot-store.ts';
import type { Queue, Wake } from '../contracts/queue.ts';
import type { Storage } from '../contracts/storage.ts';
import { createWorkPump } from '../dispatch/work-pump.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import type { Logger } from '../logger/logger.ts';
import { type RouteOptions, routeMark } from './route-mark.ts';

/** Events at once that wait for enrichers; the others do not wait for them. */
const mostWaiting = 50;

/** Marks claimed at once. */
const marksAtOnce = 20;

/** Routes events that were stored with a mark: configuration that moved, the host's own transaction. */
export interface Router {
  /** Looks for marks from now on: when it is woken, and every poll interval. Does nothing after `stop`. */
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
  let unsubscribe: (() => void) | undefined;
  let active = false;
  let stopped = false;
  const working = new Set<Promise<unknown>>();
  const waiting = new Set<Promise<unknown>>();

  /** Routes what one claim finds; answers how many events. */
  const routeSome = async (): Promise<number> => {
    const marks = await storage.claimMarks({ holder, limit: marksAtOnce, ttlMs: leaseMs });
    for (const mark of marks) await (options.completer.mayWait(mark.event) ? routeBeside(mark) : route(mark));
    if (marks.length > 0) await queue.wake({}).catch(() => undefined);
    return marks.length;
  };

  const work = async (goesOn: () => boolean): Promise<number> => {
    let routed = 0;
    while (goesOn() && !stopped) {
      const found = await routeSome();
      routed += found;
      // Of those that go in order a claim hands out one, and the next when that is routed.
      if (found === 0 && waiting.size === 0) break;
      if (found === 0) await Promise.race(waiting);
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

  /** Routes one that waits for a service, while the others go on. */
  const routeBeside = async (mark: EventMark): Promise<void> => {
    while (waiting.size >= mostWaiting) await Promise.race(waiting);
    const routing = tracked(route(mark).then(() => queue.wake({}).catch(() => undefined)));
    waiting.add(routing);
    routing.finally(() => waiting.delete(routing)).catch(() => undefined);
  };

  const tracked = <Result>(run: Promise<Result>): Promise<Result> => {
    working.add(run);
    const end = (): void => {
      working.delete(run);
    };
    run.then(end, end);
    return run;
  };

  const pump = createWorkPump({
    clock,
    logger,
    pollMs,
    hasRoom: () => true,
    nextDue: async () => null,
    look: async () => {
      const started = await tracked(routeSome());
      return { started, more: started > 0 };
    },
  });

  return {
    work: (goesOn = () => true) => tracked(work(goesOn)),
    start() {
      if (active || stopped) return;
      active = true;
      unsubscribe = queue.onWake((hint) => {
        if (mayBeOfMarks(hint)) pump.look();
      });
      pump.start();
    },
    async stop() {
      active = false;
      stopped = true;
      unsubscribe?.();
      pump.stop();
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
