import { classifyError } from '../../errors/error-class.ts';
import type { CallEnding } from '../call-guard.ts';

/** What a call says of the service: it works, it fails, or nothing. */
export type CallVerdict = 'good' | 'bad' | 'none';

/** Milliseconds that a service must have had before a time-out is its own doing. */
const leastTimeoutMs = 1_000;

/**
 * What the end of a call says of the service. Bad are 5xx, what the connector calls the service's own failure, a network that does not carry, and a
 * time-out after a second or more. A refusal (4xx) is the word of a service that works; a rate limit, a call that was taken back and one that
 * was never sent say nothing.
 */
export function callVerdict({ sent, status, fault, durationMs }: CallEnding): CallVerdict {
  if (!sent) return 'none';
  if (fault === null) return 'good';
  const { class: kind } = classifyError(fault);
  if (kind === 'rate') return 'none';
  // A gate of the service may say 4xx of its own failure, such as 408; only what it could not answer at all counts.
  if (status !== null && status < 500) return status === 408 ? 'none' : 'good';
  if (status !== null) return status === 501 ? 'good' : 'bad';
  if (kind === 'timeout') return durationMs >= leastTimeoutMs ? 'bad' : 'none';
  if (kind === 'network' || kind === 'provider_down') return 'bad';
  return 'none';
}
