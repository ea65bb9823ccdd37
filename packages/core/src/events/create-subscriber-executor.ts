import { runWithin } from '../bounds/run-within.ts';
import type { Clock } from '../clock/clock.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';
import type { Executor, Outcome } from '../contracts/executor.ts';
import type { HistoryStore } from '../contracts/history-store.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { whereThrown } from '../errors/where-thrown.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { Logger } from '../logger/logger.ts';
import { toHubEvent } from './build-event.ts';
import { decodePayload } from './decode-payload.ts';

/** What a subscriber's function is told besides the event. */
export interface Delivery {
  /** The same on every attempt; another for a replay. Use it to do a thing once. */
  readonly key: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** Aborts when the lease is lost, the hub stops, the time is over or the call has ended. */
  readonly signal: AbortSignal;
}

/** A host function that receives events. What it throws is retried; throw a `PatchbayError` with `retryable: false` to end it. */
export type SubscriberFunction = (event: HubEvent, delivery: Delivery) => unknown;

/** What the executor of one subscriber needs. */
export interface SubscriberExecutorOptions {
  readonly name: string;
  readonly call: SubscriberFunction;
  readonly history: Pick<HistoryStore, 'event'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds for one call. */
  readonly timeoutMs: number;
  readonly figures: { readonly maximumAttempts: number; readonly maximumCrashes: number };
  readonly backoffMs: (attempts: number, random: number) => number;
}

/** Calls a host function with the event. Its work counts as keyed: it is handed the key and is called at least once. */
export function createSubscriberExecutor(options: SubscriberExecutorOptions): Executor {
  const { name, call, history, clock, logger, timeoutMs, figures, backoffMs } = options;
  const forever = Number.POSITIVE_INFINITY;
  return {
    handler: `subscriber:${name}`,
    policy: () => ({
      idempotency: 'keyed',
      ...figures,
      timeoutMs,
      retryWithinMs: forever,
      keyLifetimeMs: forever,
      settlesWithinMs: 0,
      onUnknown: 'retry',
      backoffMs,
    }),
    async execute(work): Promise<Outcome> {
      const { dispatch, key, attempt, signal } = work;
      let record: EventRecord | null;
      try {
        record = await history.event(dispatch.key.tenant, dispatch.key.root);
      } catch (error) {
        // Nobody was called: a store that is away is a failure to be tried again.
        return { outcome: 'failed', error: toErrorRecord(error), retryable: true };
      }
      // The read may have outlasted the lease; then whoever has it now makes the call.
      if (signal.aborted || clock.monotonic() >= work.deadline) return { outcome: 'deferred', delayMs: 0, reason: 'lease_lost' };
      if (!record) {
        return {
          outcome: 'failed',
          retryable: false,
          error: { code: 'not_found', message: 'The event is no longer kept. Keep events longer than subscribers may fail.' },
        };
      }
      try {
        const event = toHubEvent(record, decodePayload(record.data));
        const bounds = { clock, timeoutMs, signal, what: `The subscriber ${name}`, deadline: () => work.deadline };
        await runWithin(bounds, async (within) => call(event, { key: key.value, attempt, signal: within }));
        return { outcome: 'succeeded', output: null };
      } catch (error) {
        if (!isPatchbayError(error)) logger.warn('a subscriber threw', { subscriber: name, ...whereThrown(error) });
        return { outcome: 'failed', error: toErrorRecord(error), retryable: isPatchbayError(error) ? error.retryable : true };
      }
    },
  };
}
