import type { Clock, Timer } from '../clock/clock.ts';
import type { EventMark } from '../contracts/hot-store.ts';
import type { Queue } from '../contracts/queue.ts';
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
  /** Looks at once, where it has been started: something was marked. */
  look(): void;
  /** Claims no more and resolves when what is under way is written. Final; callable again. */
  stop(): Promise<void>;
  /** Routes what is marked now, as long as `goesOn` says so; answers how many events. */
  work(goesOn?: () => boolean): Promise<number>;
}

/** What the router needs. */
export interface RouterOptions extends Omit<RouteOptions, 'storage' | 'clock'> {
  readonly storage: Pick<Storage<unknown>, 'claimMarks' | 'recordRouting'>;
  readonly queue: Pick<Queue, 'wake'>;
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
  let active = false;
  let stopped = false;
  let wanted = false;
  let looking = false;
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

  const lookAndSay = (): Promise<unknown> =>
    tracked(work(() => active)).catch((error: unknown) =>
      logger.warn('marked events could not be asked for; they are asked for again', { error: nameOf(error) }),
    );

  const tick = (): void => {
    timer = clock.setTimer(() => lookAndSay().finally(() => active && tick()), pollMs);
  };

  const lookWhileWanted = async (): Promise<void> => {
    looking = true;
    while (active && wanted) {
      wanted = false;
      await lookAndSay();
    }
    looking = false;
  };

  return {
    work: (goesOn = () => true) => tracked(work(goesOn)),
    start() {
      if (active || stopped) return;
      active = true;
      tick();
    },
    look() {
      wanted = active;
      if (wanted && !looking) void lookWhileWanted();
    },
    async stop() {
      active = false;
      stopped = true;
      timer?.cancel();
      await Promise.allSettled(working);
    },
  };
}

function nameOf(error: unknown): string {
  return isPatchbayError(error) ? error.code : error instanceof Error ? error.name : typeof error;
}
