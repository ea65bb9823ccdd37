import { PatchbayError } from '../../errors/patchbay-error.ts';

/** The error of a call that the breaker holds back. Nothing was sent. */
export function heldByBreaker(origin: string, retryAfterMs: number): PatchbayError {
  return new PatchbayError({
    code: 'provider_unavailable',
    message: `${origin} has been failing, so nothing is sent to it for a while. Try again later, or reset the breaker of the connection.`,
    retryable: true,
    sent: 'no',
    retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)),
    details: { heldBy: 'breaker' },
  });
}
