import pRetry from 'p-retry';
import type { Clock } from '../../clock/clock.ts';
import { sleep } from '../../clock/sleep.ts';
import type { ErrorCode } from '../../errors/error-code.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import { retryAfterOf } from '../../errors/retry-after-of.ts';
import type { RetryBudget } from './retry-budget.ts';

/** A request that may be sent more than once. */
export interface RetriedRequest {
  /** Whose budget it takes from: the id of the connection. */
  readonly place: string;
  /** It does no harm when it happens twice; one that does is sent again only where nothing can have happened. */
  readonly isRepeatable: boolean;
  readonly signal: AbortSignal;
  /** Monotonic time at which it is given up. */
  readonly endsAt: number;
  /** True for the error with which a guard has held it back. */
  isHeldBack(error: unknown): boolean;
}

/** Sends requests again, quickly and within one attempt of a dispatch, where that is safe and may help. */
export interface SafeRetries {
  /** Rejects with the error of the last request that was sent; its `sent` is `maybe` where that of any was. */
  run<Result>(request: RetriedRequest, send: () => Promise<Result>): Promise<Result>;
}

/** What {@link createSafeRetries} is given. */
export interface SafeRetriesOptions {
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer'>;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly budget: RetryBudget;
  /** Times that one request is sent again at most. */
  readonly quickRetries: number;
}

/** Troubles of a moment. A time-out has used up the time; a limit has a guard of its own. */
const passing: ReadonlySet<ErrorCode> = new Set(['network', 'provider_unavailable', 'provider_error']);

/** Milliseconds: half of it to all of it is waited before the first retry, twice as long before the next. */
const baseMs = 200;

/** Longest wait that a service may ask for and is given here, milliseconds; a longer one is the ledger's, or the caller's. */
const longestWaitMs = 2_000;

/** Makes one. With `quickRetries: 0` it sends each request once. */
export function createSafeRetries(options: SafeRetriesOptions): SafeRetries {
  const { budget, quickRetries } = options;
  return {
    async run(request, send) {
      budget.called(request.place);
      try {
        return await send();
      } catch (error) {
        if (quickRetries === 0 || !mayRetry(request, error)) throw error;
        return sendAgain(options, request, { send, first: error });
      }
    },
  };
}

function mayRetry({ isRepeatable, signal, isHeldBack }: RetriedRequest, error: unknown): error is PatchbayError {
  if (!isPatchbayError(error) || !error.retryable || !passing.has(error.code) || isHeldBack(error)) return false;
  return !signal.aborted && (isRepeatable || error.sent === 'no');
}

async function sendAgain<Result>(
  { clock, random, budget, quickRetries }: SafeRetriesOptions,
  request: RetriedRequest,
  { send, first }: { readonly send: () => Promise<Result>; readonly first: PatchbayError },
): Promise<Result> {
  let last = first;
  let isUncertain = first.sent === 'maybe';
  const attempt = async (number: number): Promise<Result> => {
    if (number === 1) throw first;
    try {
      return await send();
    } catch (error) {
      if (isPatchbayError(error) && !wasNotSent(request, error)) last = error;
      isUncertain ||= isPatchbayError(error) && error.sent === 'maybe';
      throw error;
    }
  };
  const shouldRetry = async ({ error, attemptNumber }: { readonly error: Error; readonly attemptNumber: number }): Promise<boolean> => {
    if (!mayRetry(request, error)) return false;
    const waitMs = retryAfterOf(error) ?? baseMs * 2 ** (attemptNumber - 1) * (0.5 + random() / 2);
    if (waitMs > longestWaitMs || clock.monotonic() + waitMs >= request.endsAt || !budget.take(request.place)) return false;
    await sleep(clock, waitMs, request.signal);
    return !request.signal.aborted;
  };
  try {
    // Its own timers and clock are not used: the wait is the hub's.
    return await pRetry(attempt, { retries: quickRetries, minTimeout: 0, shouldRetry });
  } catch (error) {
    // One that was not sent any more says nothing of those that were, nor does a limit that a repeat has met: without them it would look as if nothing
    // had been tried.
    const shown = wasNotSent(request, error) ? last : isLimit(error) ? first : error;
    throw isUncertain && isPatchbayError(shown) && shown.sent === 'no' ? uncertain(shown) : shown;
  }
}

const isLimit = (error: unknown): boolean => isPatchbayError(error) && error.code === 'rate_limited';

/** True for what ended a try before it was sent: a guard held it back, its time was over, or it was taken back. */
function wasNotSent({ isHeldBack }: RetriedRequest, error: unknown): boolean {
  if (isHeldBack(error)) return true;
  return isPatchbayError(error) && error.sent === 'no' && ['aborted', 'lease_lost', 'timeout'].includes(error.code);
}

/** An earlier request of this call may have happened, whatever became of the last. */
function uncertain({ code, message, retryable, details, retryAfterMs, cause }: PatchbayError): PatchbayError {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new PatchbayError({ code, message, retryable, details, cause, sent: 'maybe', ...wait });
}
