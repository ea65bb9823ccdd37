import { runWithin } from '../bounds/run-within.ts';
import type { Clock } from '../clock/clock.ts';
import type { ExecutionPolicy, Executor, Outcome } from '../contracts/executor.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { whereThrown } from '../errors/where-thrown.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Logger } from '../logger/logger.ts';
import { type Alert, alertOf } from './alert.ts';
import { hostChannelHandler } from './alert-names.ts';
import { readAlertState } from './alert-state.ts';
import type { TellingKind } from './tell.ts';

/** What a channel of the host is told besides the alert. */
export interface AlertTelling {
  readonly kind: TellingKind;
  /** The same on every attempt. Use it to do a thing once. */
  readonly key: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** Aborts when the lease is lost, the hub stops, the time is over or the call has ended. */
  readonly signal: AbortSignal;
}

/** A function of the host that tells somebody of alerts. What it throws is retried; throw a `PatchbayError` with `retryable: false` to end it. */
export type AlertChannelFunction = (alert: Alert, telling: AlertTelling) => unknown;

/** What the executor of one channel needs. */
export interface HostChannelOptions {
  readonly name: string;
  readonly call: AlertChannelFunction;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly figures: { readonly maximumAttempts: number; readonly maximumCrashes: number };
  readonly backoffMs: (attempts: number, random: number) => number;
}

/** Milliseconds for one call. */
const timeoutMs = 60_000;

/** Calls a function of the host with an alert: at least once, with a key. */
export function createHostChannelExecutor(options: HostChannelOptions): Executor {
  const { name, call, clock, logger, figures, backoffMs } = options;
  const forever = Number.POSITIVE_INFINITY;
  const lasting = { retryWithinMs: forever, keyLifetimeMs: forever, settlesWithinMs: 0 };
  const policy: ExecutionPolicy = { idempotency: 'keyed', ...figures, timeoutMs, ...lasting, onUnknown: 'retry', backoffMs };
  return {
    handler: hostChannelHandler(name),
    policy: () => policy,
    async execute(work): Promise<Outcome> {
      const { dispatch, key, attempt, signal } = work;
      const told = toldIn(dispatch.input);
      if (told === null) {
        const error = { code: 'unsupported', message: 'The alert is stored as this version cannot read it. Update the package.' };
        return { outcome: 'failed', error, retryable: false };
      }
      try {
        const bounds = { clock, timeoutMs, signal, what: `The alert channel ${name}`, deadline: () => work.deadline };
        await runWithin(bounds, async (within) => call(told.alert, { kind: told.kind, key: key.value, attempt, signal: within }));
        return { outcome: 'succeeded', output: null };
      } catch (error) {
        if (!isPatchbayError(error)) logger.warn('an alert channel threw', { channel: name, ...whereThrown(error) });
        return { outcome: 'failed', error: toErrorRecord(error), retryable: isPatchbayError(error) ? error.retryable : true };
      }
    },
  };
}

const kinds: readonly TellingKind[] = ['opened', 'escalated', 'reminded', 'resolved'];

function toldIn(input: string | null): { readonly kind: TellingKind; readonly alert: Alert } | null {
  const written: unknown = input === null ? null : JSON.parse(input);
  if (!isJsonObject(written)) return null;
  const { episode } = readAlertState(written['state']);
  const kind = kinds.find((each) => each === written['kind']);
  return episode === null || kind === undefined ? null : { kind, alert: alertOf(episode) };
}
