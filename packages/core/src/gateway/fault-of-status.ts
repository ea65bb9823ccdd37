import type { ProviderAnswer, ProviderFault } from '../connector/provider-answer.ts';
import type { Sent } from '../errors/patchbay-error.ts';

/** What a status means where the connector says nothing. `undefined` below 400. */
export function faultOfStatus(answer: Pick<ProviderAnswer, 'status'>): ProviderFault | undefined {
  const { status } = answer;
  if (status < 400) return undefined;
  return { ...meaningOf(status), sent: sentByStatus(status) };
}

/** Redirects that ask for the same request elsewhere (RFC 9110, section 15.4); 302 and 303 also answer one that has been done. */
const sentElsewhere: ReadonlySet<number> = new Set([301, 307, 308]);

/**
 * May a request with this answer have done something? 4xx other than 408 and 503 mean that nothing happened, and so do redirects of the
 * request itself; 408, 500, 502, 504 and whatever is not known leave it open.
 */
export function sentByStatus(status: number): Sent {
  if (status === 503 || sentElsewhere.has(status) || (status >= 400 && status < 500 && status !== 408)) return 'no';
  return 'maybe';
}

function meaningOf(status: number): Omit<ProviderFault, 'sent'> {
  switch (status) {
    case 401:
      return { code: 'authentication_failed', retryable: false, message: 'The service refuses the credential. Connect the account again.' };
    case 403:
      return { code: 'permission_denied', retryable: false, message: 'The account may not do this. Give it the permission it lacks.' };
    case 404:
    case 410:
      return {
        code: 'provider_not_found',
        retryable: false,
        message: 'The service has no such thing, or does not show it to this account.',
      };
    case 409:
    case 412:
      return { code: 'provider_conflict', retryable: false, message: 'The service says that the thing has changed or is there already.' };
    case 408:
      return { code: 'provider_error', retryable: true, message: 'The service waited too long for the request.' };
    case 429:
      return { code: 'rate_limited', retryable: true, message: 'The service limits the rate; the call is tried again later.' };
    case 503:
      return { code: 'provider_unavailable', retryable: true, message: 'The service is not available; the call is tried again later.' };
    default:
      return status >= 500
        ? { code: 'provider_error', retryable: true, message: 'The service failed while it worked on the request.' }
        : { code: 'provider_rejected', retryable: false, message: 'The service does not accept the request.' };
  }
}
