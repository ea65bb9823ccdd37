import type { Clock } from '../clock/clock.ts';
import { sleep } from '../clock/sleep.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { WorkerFigures } from './dispatcher-options.ts';
import type { LeaseWatch } from './lease-watch.ts';

/** What a stop needs. */
export interface StopOptions {
  readonly clock: Clock;
  readonly figures: Pick<WorkerFigures, 'graceMs' | 'leaseMs'>;
  readonly watch: Pick<LeaseWatch, 'all' | 'close'>;
  /** Aborted at the end: what has not been written by then is left to its lease. */
  readonly giveUp: AbortController;
  readonly isBusy: () => boolean;
  readonly nextChange: () => Promise<void>;
}

/**
 * Lets what is under way end: by itself within the grace, aborted within a lease's length. Then leases that nobody here has go back. Takes
 * the grace and two lease lengths at most, and leaves no timer.
 */
export async function stopWork(options: StopOptions): Promise<void> {
  const { clock, figures, watch, giveUp, isBusy, nextChange } = options;
  const rest = untilIdle(isBusy, nextChange);
  await within(clock, figures.graceMs, rest);
  abortAll(watch, 'The hub stopped while this was under way.');
  await within(clock, figures.leaseMs, rest);
  await within(clock, figures.leaseMs, watch.close());
  giveUp.abort();
}

/** Takes back everything under way. */
export function abortAll(watch: Pick<LeaseWatch, 'all'>, message: string): void {
  for (const { abort } of watch.all()) abort.abort(new PatchbayError({ code: 'aborted', message, retryable: true }));
}

/** Resolves when a change has left nothing to wait for. */
export async function untilIdle(isBusy: () => boolean, nextChange: () => Promise<void>): Promise<void> {
  while (isBusy()) await nextChange();
}

/** Waits for a promise, but no longer than so many milliseconds. */
export async function within(clock: Clock, limitMs: number, promise: Promise<unknown>): Promise<void> {
  const waiting = new AbortController();
  await Promise.race([promise, sleep(clock, limitMs, waiting.signal)]).finally(() => waiting.abort());
}
