import type { Clock, Timer } from '../clock/clock.ts';
import type { EventMark, RoutingPage } from '../contracts/hot-store.ts';
import type { Planner } from '../contracts/planner.ts';
import type { Queue } from '../contracts/queue.ts';
import type { Storage } from '../contracts/storage.ts';
import { decodePayload } from '../events/decode-payload.ts';
import type { Logger } from '../logger/logger.ts';

/** Dispatches in one page. */
const pageSize = 500;

/** Routes events that were stored with a mark: configuration that moved, the host's own transaction. */
export interface Router {
  start(): void;
  stop(): Promise<void>;
  /** Routes what is marked now; answers how many events. */
  work(): Promise<number>;
}

/** What the router needs. */
export interface RouterOptions {
  readonly storage: Storage<unknown>;
  readonly queue: Queue;
  readonly planner: Planner;
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
  let working: Promise<unknown> = Promise.resolve();

  const work = async (): Promise<number> => {
    let routed = 0;
    for (;;) {
      const marks = await storage.claimMarks({ holder, limit: 20, ttlMs: leaseMs });
      for (const mark of marks) await route(options, mark);
      routed += marks.length;
      if (marks.length > 0) await queue.wake({}).catch(() => undefined);
      if (marks.length < 20) return routed;
    }
  };

  const tick = (): void => {
    timer = clock.setTimer(() => {
      working = work()
        .catch((error: unknown) =>
          logger.warn('marked events could not be routed; they are tried again', {
            error: error instanceof Error ? error.name : 'unknown',
          }),
        )
        .finally(() => active && tick());
    }, pollMs);
  };

  return {
    work,
    start() {
      if (active) return;
      active = true;
      tick();
    },
    async stop() {
      active = false;
      timer?.cancel();
      await working;
    },
  };
}

/** Plans a marked event and writes the plan page by page. A page that is stale ends it: the mark stays and is claimed again. */
async function route({ storage, planner }: RouterOptions, mark: EventMark): Promise<void> {
  const { event, tenant, root, fence } = mark;
  const plan = await planner.plan({ event, data: decodePayload(event.data) }, { fresh: true });
  for (let from = mark.routed; ; from += pageSize) {
    const dispatches = plan.dispatches.slice(from, from + pageSize);
    const last = from + pageSize >= plan.dispatches.length;
    const first = from === 0;
    const page: RoutingPage = {
      tenant,
      root,
      fence,
      revision: plan.revision,
      from,
      to: from + dispatches.length,
      considered: first ? plan.considered : [],
      runs: first ? plan.runs : [],
      dispatches,
      last,
    };
    const [verdict] = await storage.recordRouting([page]);
    if (verdict?.status !== 'done' || last) return;
  }
}
