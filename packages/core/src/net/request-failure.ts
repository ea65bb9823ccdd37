import { isPatchbayError, PatchbayError, type Sent } from '../errors/patchbay-error.ts';
import { foreignCode } from './connection-failure.ts';

const consequence = (sent: Sent): string =>
  sent === 'no' ? 'Nothing was sent.' : 'The request may have taken effect: ask the service before sending it again.';

const malformedAnswers: ReadonlySet<string> = new Set(['HTTPParserError', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);

/** Turns an error of the connection or of undici into the hub's. Of a foreign error only its code is kept. */
export function requestFailed(error: unknown, sent: Sent): PatchbayError {
  if (isPatchbayError(error)) return error;
  const reason = foreignCode(error) ?? 'unknown';
  if (reason === 'UND_ERR_INVALID_ARG' || reason === 'UND_ERR_NOT_SUPPORTED')
    return requestInvalid('it holds a method, path, header or body that HTTP does not allow');
  if (reason === 'UND_ERR_CLOSED' || reason === 'UND_ERR_DESTROYED') return networkClosed(sent);
  if (reason === 'UND_ERR_HEADERS_OVERFLOW') return responseTooLarge({ status: undefined, what: 'headers' });
  const malformed = malformedAnswers.has(reason) || reason.startsWith('HPE_');
  return new PatchbayError({
    code: malformed ? 'response_invalid' : 'network',
    message: `${malformed ? 'The answer is not valid HTTP' : 'The connection was lost before the answer was complete'} (${reason}). ${consequence(sent)}`,
    retryable: true,
    sent,
    details: { reason },
  });
}

/** The request cannot be sent as it is. */
export function requestInvalid(why: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message: `The request was not sent: ${why}.`, sent: 'no' });
}

/** The network has been closed, before or while the request was under way. */
export function networkClosed(sent: Sent): PatchbayError {
  return new PatchbayError({ code: 'stopped', message: `The hub's network has been closed. ${consequence(sent)}`, retryable: true, sent });
}

/** The caller's signal aborted. */
export function requestAborted(sent: Sent): PatchbayError {
  return new PatchbayError({ code: 'aborted', message: `The caller stopped the request. ${consequence(sent)}`, sent });
}

/** Which limit of the request passed. */
export type TimedPhase = 'connect' | 'send' | 'headers' | 'body' | 'total';

/** A limit of the request passed. */
export function requestTimedOut({ phase, afterMs, sent }: { phase: TimedPhase; afterMs: number; sent: Sent }): PatchbayError {
  return new PatchbayError({
    code: 'timeout',
    message: `The ${phase} time-out of ${afterMs} ms passed. ${consequence(sent)}`,
    retryable: true,
    sent,
    details: { phase, afterMs },
  });
}

/** The answer is longer than the caller reads. */
export function responseTooLarge({ status, what }: { status: number | undefined; what: string }): PatchbayError {
  return new PatchbayError({
    code: 'response_too_large',
    message: `The answer's ${what} is larger than the limit, so it was not read. Ask for less, or raise the limit.`,
    sent: 'maybe',
    details: status === undefined ? {} : { status },
  });
}
