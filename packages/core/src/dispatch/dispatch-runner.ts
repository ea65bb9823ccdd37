import { formatDispatchId } from '../contracts/dispatch-id.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Work } from '../contracts/executor.ts';
import type { StepRules } from '../contracts/step-rules.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { failureOf } from '../errors/failure-of.ts';
import { giveRunFinished } from '../events/give-run-finished.ts';
import { traceIdOf } from '../telemetry/trace-id-of.ts';
import type { DispatcherOptions } from './dispatcher-options.ts';
import { executeDispatch } from './execute-dispatch.ts';
import { giveNotice } from './give-notice.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import type { LeaseWatch, Running } from './lease-watch.ts';
import { observeAttempt } from './observe-attempt.ts';
import type { Resolution } from './resolution.ts';
import { held } from './resolve-outcome.ts';
import { underRules } from './under-rules.ts';
import type { ResolutionWriter } from './write-resolution.ts';

/** Takes leased dispatches from the claim to the written outcome. */
export interface DispatchRunner {
  /**
   * Executes a dispatch, and what is born leased behind it. `askedAt`: monotonic time before its lease was asked for. While this process
   * takes nothing on, it is given back.
   */
  take(dispatch: ClaimedDispatch, askedAt: number): void;
  /** Dispatches executed so far. */
  readonly executed: number;
  /** Leases on their way back. */
  readonly returning: number;
}

/** What a runner needs. */
export interface DispatchRunnerOptions
  extends Pick<DispatcherOptions, 'executors' | 'clock' | 'random' | 'notify' | 'logger' | 'figures' | 'telemetry' | 'failed' | 'rules'> {
  readonly watch: LeaseWatch;
  readonly writer: ResolutionWriter;
  /** Whether this process takes work on. */
  readonly accepts: () => boolean;
  /** Called with the milliseconds after which a dispatch that went back can be claimed. */
  readonly lookIn: (delayMs: number) => void;
  /** Called when a slot is free again, with what was in it, and when a lease has gone back (`null`). */
  readonly ended: (running: Running | null) => void;
}

/** A dispatch that was born leased by a settlement. `askedAt`: monotonic time before it. */
interface Follow {
  readonly dispatch: ClaimedDispatch;
  readonly askedAt: number;
}

/** Milliseconds until a dispatch without executor is offered again. */
const withoutExecutorMs = 1_000;

/** Makes a runner. */
export function createDispatchRunner(options: DispatchRunnerOptions): DispatchRunner {
  const { clock, logger, watch, writer } = options;
  let executed = 0;
  let returning = 0;

  const take = (dispatch: ClaimedDispatch, askedAt: number): void => {
    if (!options.accepts()) return void giveBack(dispatch);
    const running = watch.hold(dispatch, askedAt);
    if (!running) return;
    if (dispatch.crashes > 0)
      logger.warn('a dispatch was taken over; whoever had it died or lost it', { ...placeOf(dispatch), crashes: dispatch.crashes });
    void execute(running);
  };

  const giveBack = async (dispatch: ClaimedDispatch): Promise<void> => {
    returning += 1;
    try {
      await writer.giveBack(dispatch, 'drain');
    } catch (error) {
      logger.warn('a lease could not be given back; it will expire', failureFields(dispatch, error));
    } finally {
      returning -= 1;
      options.ended(null);
    }
  };

  /** Never rejects. */
  const execute = async (running: Running): Promise<void> => {
    let follow: Follow | undefined;
    try {
      follow = await attempt(running);
    } catch (error) {
      logger.error('a dispatch could not be settled; its lease will expire', failureFields(running.dispatch, error));
    } finally {
      watch.drop(running);
      executed += 1;
      if (follow) take(follow.dispatch, follow.askedAt);
      options.ended(running);
    }
  };

  const attempt = async (running: Running): Promise<Follow | undefined> => {
    const startedAt = clock.monotonic();
    const observed = observeAttempt(options.telemetry, running.dispatch);
    const resolution = await (observed ? observed.within(() => resolve(running)) : resolve(running));
    const askedAt = clock.monotonic();
    observed?.ended(resolution, askedAt - startedAt);
    const written = resolution === null ? null : await writer.write(running, resolution, askedAt - startedAt);
    if (written === null) {
      giveFenced(options, running);
      return undefined;
    }
    giveNotices(running, written.resolution, askedAt - startedAt);
    giveRunFinished(options, written.run);
    const [follow] = written.leased;
    // Of several that follow one is born leased.
    if ((written.run?.next.length ?? 0) > written.leased.length) options.lookIn(0);
    return follow && { dispatch: follow, askedAt };
  };

  const resolve = async (running: Running): Promise<Resolution | null> => {
    const { dispatch } = running;
    const executor = options.executors.get(dispatch.handler);
    if (!executor) {
      logger.warn('nothing here executes a dispatch that was handed out; it goes back', { handler: dispatch.handler });
      return { write: 'defer', delayMs: withoutExecutorMs, reason: 'handler_missing', nothingSent: true };
    }
    try {
      const { rules: book, random, figures } = options;
      const begin = (): Promise<boolean> => writer.begin(running);
      const execute = (rules: StepRules | null): Promise<Resolution | null> =>
        executeDispatch({ executor, work: workOf(running, rules), rules, now: clock.monotonic, begin, random, leaseMs: figures.leaseMs });
      if (book === undefined || dispatch.run === null) return await execute(null);
      return await underRules({ rulesOf: () => book.of(dispatch), executor, work: workOf(running, null) }, execute);
    } catch (error) {
      // A fault of ours or of an executor's schedule: something may have been sent, so it must not go back as if nothing was.
      return held(toErrorRecord(error));
    }
  };

  const giveNotices = ({ dispatch }: Running, resolution: Resolution, durationMs: number): void => {
    if (resolution.write === 'defer') {
      options.lookIn(resolution.delayMs);
      return;
    }
    giveNotice(options.notify, clock, dispatch, resolution, durationMs);
    if (resolution.error) options.failed?.(dispatch, resolution.error);
    if (resolution.settlement.to === 'pending') options.lookIn(resolution.settlement.delayMs);
    // What follows in its turn is not born leased, and the next turn is nobody's yet.
    else if (dispatch.ordering !== null) options.lookIn(0);
  };

  return {
    take,
    get executed() {
      return executed;
    },
    get returning() {
      return returning;
    },
  };
}

function workOf(running: Running, rules: StepRules | null): Work {
  const { dispatch, abort } = running;
  return {
    dispatch,
    key: idempotencyKeyOf(dispatch.key),
    attempt: dispatch.lastAttempt + 1,
    signal: abort.signal,
    ...(rules?.timeoutMs === undefined ? {} : { timeoutMs: rules.timeoutMs }),
    get deadline() {
      return running.deadline;
    },
  };
}

function giveFenced({ notify, clock }: DispatchRunnerOptions, { dispatch }: Running): void {
  const { key, handler } = dispatch;
  notify('dispatch.fenced', { tenant: key.tenant, dispatchId: formatDispatchId(key), handler, at: clock.now() });
}

function failureFields(dispatch: ClaimedDispatch, error: unknown) {
  return { ...placeOf(dispatch), ...failureOf(error) };
}

/** Where a line belongs. The trace id is our own, and stands there whether or not anybody traces: it is the event's id. */
function placeOf({ key }: ClaimedDispatch) {
  const traceId = traceIdOf(key.root);
  return { tenant: key.tenant, dispatchId: formatDispatchId(key), ...(traceId === null ? {} : { traceId }) };
}
