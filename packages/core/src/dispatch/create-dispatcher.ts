import type { Timer } from '../clock/clock.ts';
import { sleep } from '../clock/sleep.ts';
import { formatDispatchId } from '../contracts/dispatch-id.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Work } from '../contracts/executor.ts';
import type { LeaseTaker } from '../contracts/lease-taker.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { DispatcherOptions } from './dispatcher-options.ts';
import { executeDispatch } from './execute-dispatch.ts';
import { giveNotice, giveRunNotice } from './give-notice.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { createLeaseWatch, type Running } from './lease-watch.ts';
import { createResolutionWriter } from './write-resolution.ts';

/** The worker of one process. */
export interface Dispatcher extends LeaseTaker {
  /** Claims and executes from now on. Callable again. */
  start(): void;
  /** Claims no more, waits for what is under way, aborts it after the grace, and resolves when all is written. Callable again. */
  stop(): Promise<void>;
  /** Works until nothing is due, or until the deadline (milliseconds from now). Answers how many dispatches it executed. */
  work(options: { readonly deadlineMs: number; readonly reserveMs: number }): Promise<number>;
  /** Looks for work soon. */
  look(): void;
}

/** Milliseconds between a look that found nothing and the next. */
const shortestPause = 20;

/** A dispatch that was born leased by a settlement. `askedAt`: monotonic time before it. */
interface Follow {
  readonly dispatch: ClaimedDispatch;
  readonly askedAt: number;
}

/** A dispatcher: claims when a slot is free, executes, settles. It never knows what a dispatch is for. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { storage, queue, executors, clock, figures, holder, notify, logger, random } = options;
  const watch = createLeaseWatch({ store: storage, clock, holder, leaseMs: figures.leaseMs, logger });
  const writer = createResolutionWriter({ ...options, mayLease: () => active });
  const ended = new Set<() => void>();
  let active = false;
  let reserved = 0;
  let executed = 0;
  let more = false;
  let pumping: Promise<void> | undefined;
  let suspect: Running | undefined;
  /** Monotonic time of the next look for suspects: they come by leases that end, not by wake-ups. */
  let suspectsAt = 0;
  let timer: Timer | undefined;
  let unsubscribe: (() => void) | undefined;

  const free = (): number => figures.concurrency - watch.count - reserved;

  const begin = (dispatch: ClaimedDispatch, askedAt: number): Running | null => {
    const running = watch.hold(dispatch, askedAt);
    if (!running) return null;
    void execute(running).catch((error: unknown) =>
      logger.error('a dispatch could not be settled; its lease will expire', failureFields(dispatch, error)),
    );
    return running;
  };

  const execute = async (running: Running): Promise<void> => {
    let follow: Follow | undefined;
    try {
      follow = await attempt(running);
    } finally {
      watch.drop(running);
      if (suspect === running) {
        suspect = undefined;
        suspectsAt = 0;
        more = true;
      }
      executed += 1;
      if (follow) begin(follow.dispatch, follow.askedAt);
      for (const wake of [...ended]) wake();
      if (more && active) look();
    }
  };

  const attempt = async (running: Running): Promise<Follow | undefined> => {
    const { dispatch, abort } = running;
    const executor = executors.get(dispatch.handler);
    if (!executor)
      throw new PatchbayError({
        code: 'handler_missing',
        message: `Nothing here executes ${dispatch.handler}, which the store handed out unasked. Report it to the adapter.`,
      });
    const work: Work = {
      dispatch,
      key: idempotencyKeyOf(dispatch.key),
      attempt: dispatch.lastAttempt + 1,
      signal: abort.signal,
      get deadline() {
        return running.deadline;
      },
    };
    const startedAt = clock.monotonic();
    const resolution = await executeDispatch({ executor, work, begin: () => writer.begin(running), random });
    const askedAt = clock.monotonic();
    const durationMs = askedAt - startedAt;
    const written = resolution === null ? null : await writer.write(running, resolution, durationMs);
    if (written === null) {
      notify('dispatch.fenced', {
        tenant: dispatch.key.tenant,
        dispatchId: formatDispatchId(dispatch.key),
        handler: dispatch.handler,
        at: clock.now(),
      });
      return undefined;
    }
    if (resolution?.write === 'settle') giveNotice(notify, clock, dispatch, resolution, durationMs);
    if (resolution?.write === 'settle' && resolution.settlement.to === 'pending') lookIn(resolution.settlement.delayMs);
    giveRunNotice(notify, clock, written.run);
    const [follow] = written.leased;
    return follow && { dispatch: follow, askedAt };
  };

  const claim = async (kind: 'ready' | 'suspect', limit: number): Promise<number> => {
    const askedAt = clock.monotonic();
    const handlers = [...executors.keys()];
    if (handlers.length === 0) return 0;
    const claimed = await storage.claim({ holder, handlers, limit, replayShare: figures.replayShare, ttlMs: figures.leaseMs, kind });
    for (const dispatch of claimed) {
      const running = begin(dispatch, askedAt);
      if (kind === 'suspect') suspect = running ?? undefined;
    }
    return claimed.length;
  };

  /** One look: suspects alone, then as many ready ones as there are slots. Answers whether anything was started. */
  const lookOnce = async (everywhere: boolean): Promise<boolean> => {
    let started = 0;
    if (!suspect && free() > 0 && (everywhere || clock.monotonic() >= suspectsAt)) {
      suspectsAt = clock.monotonic() + figures.pollMs;
      started += await claim('suspect', 1);
    }
    const slots = free();
    if (slots <= 0) {
      more = true;
      return started > 0;
    }
    const count = await claim('ready', slots);
    if (count === slots) more = true;
    return started + count > 0;
  };

  const pump = async (): Promise<void> => {
    let found = false;
    do {
      more = false;
      found = await lookOnce(false);
    } while (more && active && free() > 0);
    if (active && !more) await armTimer(found);
  };

  const look = (): void => {
    more = true;
    if (!active || pumping) return;
    pumping = pump()
      .catch((error: unknown) => {
        logger.warn('the store could not be asked for work', { error: error instanceof Error ? error.name : 'unknown' });
        more = false;
      })
      .finally(() => {
        pumping = undefined;
        if (active && !timer) lookIn(figures.pollMs);
        if (more && active && free() > 0) look();
      });
  };

  let timerAt = Number.POSITIVE_INFINITY;
  const lookIn = (delayMs: number): void => {
    const at = clock.monotonic() + delayMs;
    if (!active || (timer && timerAt <= at)) return;
    timer?.cancel();
    timerAt = at;
    timer = clock.setTimer(() => {
      timer = undefined;
      timerAt = Number.POSITIVE_INFINITY;
      look();
    }, delayMs);
  };

  const armTimer = async (found: boolean): Promise<void> => {
    const due = await storage.nextDue({ handlers: [...executors.keys()] });
    // What is due and was not handed out (a suspect behind another) must not make us ask without pause.
    lookIn(Math.min(figures.pollMs, Math.max(due ?? figures.pollMs, found ? 0 : shortestPause)));
  };

  const nextEnd = (): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        ended.delete(wake);
        resolve();
      };
      ended.add(wake);
    });

  const drained = async (): Promise<void> => {
    while (watch.count > 0) await nextEnd();
  };

  return {
    start() {
      if (active) return;
      active = true;
      unsubscribe = queue.onWake(({ inMs = 0 }) => (inMs > 0 ? lookIn(inMs) : look()));
      look();
    },
    async stop() {
      active = false;
      unsubscribe?.();
      timer?.cancel();
      timer = undefined;
      timerAt = Number.POSITIVE_INFINITY;
      await pumping;
      const all = drained();
      const patience = new AbortController();
      await Promise.race([all, sleep(clock, figures.graceMs, patience.signal)]);
      patience.abort();
      for (const running of watch.all()) {
        running.abort.abort(
          new PatchbayError({ code: 'aborted', message: 'The hub stops. What was not sent goes back to the queue.', retryable: true }),
        );
      }
      await Promise.race([all, sleep(clock, figures.leaseMs)]);
      watch.stop();
    },
    async work({ deadlineMs, reserveMs }) {
      const end = clock.monotonic() + deadlineMs;
      const before = executed;
      for (;;) {
        const left = end - clock.monotonic();
        const started = left > reserveMs && (await lookOnce(true));
        if (!started && watch.count === 0) return executed - before;
        if (left <= 0) return executed - before;
        const patience = new AbortController();
        if (watch.count > 0) await Promise.race([nextEnd(), sleep(clock, left, patience.signal)]);
        patience.abort();
      }
    },
    look,
    reserve(limit) {
      const slots = active ? Math.min(limit, free()) : 0;
      if (slots <= 0) return null;
      reserved += slots;
      const askedAt = clock.monotonic();
      return {
        lease: { holder, ttlMs: figures.leaseMs, limit: slots },
        take(dispatches) {
          reserved -= slots;
          for (const dispatch of dispatches) begin(dispatch, askedAt);
          if (more && active) look();
        },
      };
    },
  };
}

function failureFields(dispatch: ClaimedDispatch, error: unknown): { readonly dispatchId: string; readonly error: string } {
  return { dispatchId: formatDispatchId(dispatch.key), error: error instanceof PatchbayError ? error.code : 'unknown' };
}
