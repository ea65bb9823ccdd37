import type { Outcome } from '../contracts/executor.ts';
import type { IdempotencyClass } from '../contracts/idempotency.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';

/** What is known of the writing requests of a call that threw. */
export interface Written {
  readonly hasWritten: boolean;
  readonly mayHaveWritten: boolean;
}

/**
 * What an error means for the dispatch. A write that may have arrived makes the outcome unknown; one that was answered with success
 * cannot be undone by what failed afterwards, so it is not repeated.
 */
export function outcomeOfError(error: unknown, idempotency: IdempotencyClass, written: Written): Outcome {
  const record = toErrorRecord(error);
  if (idempotency !== 'read') {
    if (written.mayHaveWritten) return { outcome: 'unknown', error: record };
    if (written.hasWritten) {
      const message = `${record.message} The write before it was answered with success, so it is not repeated.`;
      return { outcome: 'failed', error: { ...record, message }, retryable: false };
    }
  }
  if (!isPatchbayError(error)) return { outcome: 'failed', error: record, retryable: false };
  if (error.code === 'aborted' || error.code === 'lease_lost') return { outcome: 'deferred', delayMs: 0, reason: error.code };
  const wait = error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs };
  const lane = error.code === 'rate_limited' ? { closeLane: 'rate_limited' as const } : {};
  return { outcome: 'failed', error: record, retryable: error.retryable, ...wait, ...lane };
}
