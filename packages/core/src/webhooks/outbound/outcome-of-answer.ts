import type { Outcome } from '../../contracts/executor.ts';
import { isPatchbayError } from '../../errors/patchbay-error.ts';
import type { NetworkResponse } from '../../net/network-request.ts';
import type { Exchange } from './exchange.ts';

/** What one try at a delivery came to, apart from what the endpoint is to suffer for it. */
export interface Delivered {
  readonly outcome: Extract<Outcome, { outcome: 'succeeded' | 'failed' }>;
  readonly errorClass: Exchange['errorClass'];
  readonly sent: Exchange['sent'];
}

/**
 * The outcome of an answer: 2xx alone is success. 410 is final, because the receiver wants nothing more; whatever else, redirects among them, is
 * tried again, because receivers know a repeated delivery by its `webhook-id`.
 */
export function outcomeOfAnswer({ status }: Pick<NetworkResponse, 'status'>): Delivered {
  if (status >= 200 && status < 300)
    return { outcome: { outcome: 'succeeded', output: JSON.stringify({ status }) }, errorClass: null, sent: 'maybe' };
  const error = { code: codeOf(status), message: `The endpoint answered ${status}; only 2xx says that it has the event.`, status };
  return { outcome: { outcome: 'failed', error, retryable: status !== 410 }, errorClass: 'status', sent: 'maybe' };
}

function codeOf(status: number): string {
  if (status === 429) return 'rate_limited';
  if (status === 408) return 'timeout';
  if (status >= 500) return 'provider_unavailable';
  return 'provider_rejected';
}

/** One text for every way in which an endpoint is not reached, the refused ones among them: it must not tell what is inside a network. */
const unreachable = { code: 'network', message: 'The endpoint could not be reached. Check its name and that it listens.' };

/** What Node says of a certificate. Only an address that the guard lets through comes as far as a handshake, so this tells nothing of what is inside. */
const certificateFault = /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

const untrusted = {
  code: 'network',
  message: 'The endpoint has no certificate that can be trusted for its name. Renew it, with those that vouch for it.',
};

/**
 * The outcome of a request without an answer. A target that the egress guard refuses looks like one that is not there and is tried as often: its
 * answer would be an oracle of the host's own network.
 */
export function outcomeOfFailure(error: unknown): Delivered {
  const known = isPatchbayError(error) ? error : null;
  if (known?.code === 'network' && known.sent === 'no' && certificateFault.test(String(known.details['reason'])))
    return { outcome: { outcome: 'failed', error: untrusted, retryable: true }, errorClass: 'tls', sent: 'no' };
  if (known?.code === 'egress_refused' || (known?.sent === 'no' && (known.code === 'network' || known.code === 'timeout')))
    return { outcome: { outcome: 'failed', error: unreachable, retryable: true }, errorClass: 'unreachable', sent: 'no' };
  const errorClass = classOf(known?.code);
  return {
    outcome: { outcome: 'failed', error: { code: known?.code ?? 'network', message: messages[errorClass] }, retryable: true },
    errorClass,
    sent: known?.sent ?? 'maybe',
  };
}

type Lost = 'timeout' | 'invalid_answer' | 'connection_lost';

function classOf(code: string | undefined): Lost {
  if (code === 'timeout') return 'timeout';
  return code === 'response_invalid' || code === 'response_too_large' ? 'invalid_answer' : 'connection_lost';
}

const messages: Readonly<Record<Lost, string>> = {
  timeout: 'The endpoint did not answer in time. Acknowledge first, and work afterwards.',
  invalid_answer: 'The endpoint answered with what is no HTTP, or with headers beyond the limit.',
  connection_lost: 'The connection ended before the endpoint had answered.',
};
