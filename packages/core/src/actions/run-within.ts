import type { Clock } from '../clock/clock.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** Milliseconds that code gets to notice its aborted signal before it is given up. */
const noticeMs = 1_000;

/**
 * Runs code of others within a time and a signal. The signal that it is handed aborts at the end of the time or when the outer one
 * does; code that does not settle soon after is given up with the same error, and what it does later counts for nothing.
 */
export async function runWithin<Result>(
  options: { readonly clock: Clock; readonly timeoutMs: number; readonly signal: AbortSignal; readonly what: string },
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { clock, timeoutMs, signal, what } = options;
  const abort = new AbortController();
  let giveUp: (reason: unknown) => void = () => undefined;
  const given = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  let patience: { cancel(): void } | undefined;
  const stop = (reason: unknown): void => {
    abort.abort(reason);
    patience ??= clock.setTimer(() => giveUp(reason), noticeMs);
  };
  const outer = (): void => stop(signal.reason);
  const timer = clock.setTimer(
    () => stop(new PatchbayError({ code: 'timeout', message: `${what} took longer than ${timeoutMs} ms.`, retryable: true })),
    timeoutMs,
  );
  if (signal.aborted) outer();
  else signal.addEventListener('abort', outer, { once: true });
  try {
    return await Promise.race([call(abort.signal), given]);
  } finally {
    timer.cancel();
    patience?.cancel();
    signal.removeEventListener('abort', outer);
  }
}
