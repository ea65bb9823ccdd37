import type { Clock, Timer } from '../clock/clock.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';

/** Milliseconds that code gets to notice its aborted signal before it is given up. */
const noticeMs = 1_000;

const never = (): number => Number.POSITIVE_INFINITY;

/** Bounds of a call. */
export interface Bounds {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** What is called, for the error: `jira.create_issue`. */
  readonly what: string;
  /** Monotonic time at which the call is taken back. Asked again when it has come, because leases are extended. @default never */
  readonly deadline?: () => number;
}

/** What the signal says once a call has settled: a request that its code left behind is not sent any more. */
const settled = new PatchbayError({ code: 'aborted', message: 'The call has ended. Nothing more is sent for it.' });

/**
 * Runs code of others within a time, a deadline and a signal. The signal that it is handed aborts at the end of any of them and when the call
 * has settled; code that does not settle soon after is given up, and what it does later counts for nothing. Rejects with `timeout`, with
 * `lease_lost`, with the outer signal's reason, or with what the code threw by itself.
 */
export async function runWithin<Result>(bounds: Bounds, call: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const { clock, signal } = bounds;
  const abort = new AbortController();
  const given = Promise.withResolvers<never>();
  let stopped: { readonly reason: unknown } | undefined;
  let patience: Timer | undefined;
  const stop = (reason: unknown): void => {
    if (stopped) return;
    stopped = { reason };
    abort.abort(reason);
    patience = clock.setTimer(() => given.reject(reason), noticeMs);
  };
  const outer = (): void => stop(signal.reason);
  const watch = watchTime(bounds, stop);
  if (signal.aborted) outer();
  else signal.addEventListener('abort', outer, { once: true });
  try {
    return await Promise.race([call(abort.signal), given.promise]);
  } catch (error) {
    throw stopped && isEcho(error) ? withSent(stopped.reason, error) : error;
  } finally {
    watch.cancel();
    patience?.cancel();
    signal.removeEventListener('abort', outer);
    abort.abort(settled);
  }
}

/** Calls `stop` when the time or the deadline has passed, whichever comes first. */
function watchTime({ clock, timeoutMs, what, deadline = never }: Bounds, stop: (reason: unknown) => void): Timer {
  const endsAt = clock.monotonic() + timeoutMs;
  const look = (): void => {
    const now = clock.monotonic();
    if (now >= endsAt) stop(timedOut(what, timeoutMs));
    else if (now >= deadline()) stop(takenBack(what));
    else timer = wait();
  };
  const wait = (): Timer => clock.setTimer(look, Math.max(1, Math.min(endsAt, deadline()) - clock.monotonic()));
  let timer = wait();
  return { cancel: () => timer.cancel() };
}

/** True for what code throws because it was stopped. An error of the service's stands for itself, however late it came. */
function isEcho(error: unknown): boolean {
  return !isPatchbayError(error) || error.code === 'aborted' || error.code === 'lease_lost' || error.code === 'timeout';
}

/** The reason why a call was stopped, with what the call knows of its last request. */
function withSent(reason: unknown, error: unknown): unknown {
  if (!isPatchbayError(reason) || !isPatchbayError(error) || error.sent === undefined || reason.sent !== undefined) return reason;
  const { code, message, retryable, details } = reason;
  return new PatchbayError({ code, message, retryable, details, sent: error.sent, cause: error });
}

function timedOut(what: string, timeoutMs: number): PatchbayError {
  return new PatchbayError({ code: 'timeout', message: `${what} took longer than ${timeoutMs} ms.`, retryable: true });
}

function takenBack(what: string): PatchbayError {
  return new PatchbayError({
    code: 'lease_lost',
    message: `The lease of ${what} has run out. Whoever takes over goes on.`,
    retryable: true,
  });
}
