import type { Outcome } from '../../contracts/executor.ts';
import type { IdempotencyClass } from '../../contracts/idempotency.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { isPatchbayError } from '../../errors/patchbay-error.ts';
import { retryAfterOf } from '../../errors/retry-after-of.ts';

/** What stopped a call from outside, whatever it had done by then. */
const stops: ReadonlySet<string> = new Set(['aborted', 'lease_lost', 'timeout', 'stopped']);

/**
 * What an error of a built-in action's code means for its dispatch. `sent: 'no'` says that nothing has happened, `sent: 'maybe'` that nobody can tell. Code
 * that was stopped, and code of class `unsafe` that threw anything but a word of the hub's own, may have done what it does.
 */
export function outcomeOfCall(thrown: unknown, idempotency: IdempotencyClass): Outcome {
  const error = toErrorRecord(thrown);
  const known = isPatchbayError(thrown) ? thrown : null;
  const isStop = known !== null && stops.has(known.code);
  if (known?.sent !== 'no' && idempotency !== 'read') {
    const isOpen = known === null ? idempotency === 'unsafe' : known.sent === 'maybe' || isStop;
    if (isOpen) return { outcome: 'unknown', error };
  }
  // Taken back before anything was done: it goes back without an attempt.
  if (isStop && known.code !== 'timeout') return { outcome: 'deferred', delayMs: 0, reason: known.code };
  const asked = known === null ? undefined : retryAfterOf(known);
  const wait = asked === undefined ? {} : { retryAfterMs: asked };
  return { outcome: 'failed', error, retryable: known === null || isStop || known.retryable, ...wait };
}
