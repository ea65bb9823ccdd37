import type { Outcome } from '../contracts/executor.ts';
import type { IdempotencyClass } from '../contracts/idempotency.ts';
import { type ErrorRecord, toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError, type PatchbayError } from '../errors/patchbay-error.ts';
import { retryAfterOf } from '../errors/retry-after-of.ts';

/** What is known of a call that threw. */
export interface KnownOfCall {
  /** A writing request was answered with success. */
  readonly hasWritten: boolean;
  /** A writing request may have arrived, and nobody knows what became of it. */
  readonly mayHaveWritten: boolean;
  /** The worker stops, or the lease is no longer its own. */
  readonly takenBack: boolean;
  /** It is what a guard has held a request back with: a limit, a breaker. */
  readonly isHeldBack: boolean;
}

/**
 * What an error means for the dispatch. A write that may have arrived makes the outcome unknown. One that was answered with success cannot be
 * undone by what failed afterwards: it is repeated only where its class makes that harmless, or looked up where it can be. A call that
 * was taken back before it wrote goes back without an attempt, and so does one that a guard has held back.
 */
export function outcomeOfError(error: unknown, idempotency: IdempotencyClass, known: KnownOfCall): Outcome {
  const record = toErrorRecord(error);
  if (idempotency !== 'read') {
    if (known.mayHaveWritten) return { outcome: 'unknown', error: record };
    if (known.hasWritten) return outcomeAfterWrite(error, idempotency, record);
  }
  if (!isPatchbayError(error)) return { outcome: 'failed', error: record, retryable: false };
  if (known.isHeldBack) return heldBack(error);
  if (isStop(error)) {
    if (known.takenBack) return { outcome: 'deferred', delayMs: 0, reason: error.code };
    // Nobody took it back, so somebody else's code says so: an attempt like any other, or it would be tried without end.
    return { outcome: 'failed', error: record, retryable: true };
  }
  const asked = retryAfterOf(error);
  const wait = asked === undefined ? {} : { retryAfterMs: asked };
  const lane = error.code === 'rate_limited' ? { closeLane: 'rate_limited' as const } : {};
  return { outcome: 'failed', error: record, retryable: error.retryable, ...wait, ...lane };
}

/** Milliseconds until what a breaker holds back is looked at again: its lane is closed for as long as it is open, and opens when somebody resets it. */
const breakerAgainIn = 1_000;

/** Longest time for which a dispatch goes back for a limit's sake, milliseconds: then it is looked at again. 1 hour. */
const longestWaitMs = 3_600_000;

/** What a guard has held back has had no try: it waits, and uses no attempt. */
export function heldBack(error: PatchbayError): Outcome {
  const { details, code } = error;
  const by = typeof details['heldBy'] === 'string' ? details['heldBy'] : code === 'plan_limit' ? 'plan' : code;
  const waitMs = by === 'breaker' ? breakerAgainIn : (retryAfterOf(error) ?? beginAgainIn);
  return { outcome: 'deferred', delayMs: Math.min(longestWaitMs, Math.max(1, waitMs)), reason: by };
}

/** Milliseconds until what could not even be begun is looked at again. */
const beginAgainIn = 5_000;

/**
 * What an error means that came before anything was tried. The vault's refusals and a connection that is gone stand; a store or a key provider
 * that is away or slow is none of the dispatch's fault, and uses none of its attempts.
 */
export function outcomeOfPreparing(error: unknown): Outcome {
  const record = toErrorRecord(error);
  if (!isPatchbayError(error)) return { outcome: 'deferred', delayMs: beginAgainIn, reason: record.code };
  if (isStop(error)) return { outcome: 'deferred', delayMs: 0, reason: error.code };
  if (error.retryable) return { outcome: 'deferred', delayMs: retryAfterOf(error) ?? beginAgainIn, reason: error.code };
  return { outcome: 'failed', error: record, retryable: false };
}

function outcomeAfterWrite(error: unknown, idempotency: Exclude<IdempotencyClass, 'read'>, record: ErrorRecord): Outcome {
  if (isOpenAfterWrite(error, idempotency)) return { outcome: 'unknown', error: record };
  const message = `${record.message} The write before it was answered with success, so it is not repeated.`;
  return { outcome: 'failed', error: { ...record, message }, retryable: false };
}

/** Is there a harmless way on? A repeat (`idempotent`, `keyed`) where it may help, a look (`reconcilable`) where the service has not said no. */
function isOpenAfterWrite(error: unknown, idempotency: Exclude<IdempotencyClass, 'read'>): boolean {
  const mayPass = isPatchbayError(error) && (error.retryable || isStop(error));
  switch (idempotency) {
    case 'unsafe':
      return false;
    case 'idempotent':
    case 'keyed':
      return mayPass;
    case 'reconcilable':
      return mayPass || !isPatchbayError(error) || error.code === 'response_invalid';
  }
}

function isStop(error: { readonly code: string }): boolean {
  return error.code === 'aborted' || error.code === 'lease_lost';
}
