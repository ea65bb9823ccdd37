import type { Clock } from '../clock/clock.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** What is left of a call. */
export interface CallTime {
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer'>;
  /** Monotonic time at which it is given up. */
  readonly endsAt: number;
  readonly signal: AbortSignal;
}

/**
 * Waits for what a call needs before it can be sent, no longer than the call has time. What is waited for goes on: a token that is being renewed is for others
 * too. Rejects with `timeout` or `aborted`, nothing having been sent.
 */
export async function withinCall<Result>({ clock, endsAt, signal }: CallTime, work: Promise<Result>): Promise<Result> {
  const given = Promise.withResolvers<never>();
  const stop = (): void => given.reject(stopped());
  const timer = clock.setTimer(() => given.reject(tooLate()), Math.max(0, endsAt - clock.monotonic()));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, given.promise]);
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', stop);
  }
}

function tooLate(): PatchbayError {
  return new PatchbayError({
    code: 'timeout',
    message: 'The time of the call was over before its connection was ready, so nothing was sent. Give it more time, or try again.',
    retryable: true,
    sent: 'no',
  });
}

function stopped(): PatchbayError {
  return new PatchbayError({ code: 'aborted', message: 'The call was taken back before it was sent.', retryable: true, sent: 'no' });
}
