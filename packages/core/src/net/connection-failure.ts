import { PatchbayError } from '../errors/patchbay-error.ts';

/** The code of an error of Node or undici, else its name: the only parts that are kept, since message and fields could hold a body. */
export function foreignCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** No socket could be opened. Nothing was sent. A handshake that the certificate ended is not retryable, a system error is. */
export function connectionFailed(error: unknown): PatchbayError {
  const reason = foreignCode(error) ?? 'unknown';
  return new PatchbayError({
    code: 'network',
    message: `No connection could be made (${reason}), so nothing was sent. Check that the service is reachable and its certificate valid.`,
    retryable: /^E(?!RR_)[A-Z0-9]+$/.test(reason),
    sent: 'no',
    details: { reason },
  });
}

/** No socket was ready within the time allowed. Nothing was sent. */
export function connectionTimedOut(afterMs: number): PatchbayError {
  return new PatchbayError({
    code: 'timeout',
    message: `No connection was ready within ${afterMs} ms, so nothing was sent. Try again, or allow more time to connect.`,
    retryable: true,
    sent: 'no',
    details: { phase: 'connect', afterMs },
  });
}

/** The caller gave up before a socket was open. Nothing was sent. */
export function connectionAborted(): PatchbayError {
  return new PatchbayError({
    code: 'aborted',
    message: 'The caller stopped the connection before it was made, so nothing was sent.',
    sent: 'no',
  });
}
