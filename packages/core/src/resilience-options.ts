import type { BreakerFigures } from './gateway/resilience/create-breakers.ts';
import type { BulkheadFigures } from './gateway/resilience/create-bulkhead.ts';

/** How far one connection, tenant or service in trouble may reach. */
export interface ResilienceOptions {
  /** Requests under way at once of one connection to one host, in each process. @default 64 */
  readonly connectionCalls?: number;
  /** The same of one tenant to all hosts. Whatever it is, one tenant has at most half of the 128 sockets to a host. @default 128 */
  readonly tenantCalls?: number;
  /** Requests of one tenant that wait for a place at once; one more is refused with `overloaded`. @default 1,000 */
  readonly tenantWaiting?: number;
  /** Bytes that answers under way may take, were each as large as `maximumResponseBytes`: bounds the requests of a process. @default 2,147,483,648 */
  readonly answerBytes?: number;
  /** Calls of a connection to a host that must have ended before its breaker may open: 1 to 20. @default 10 */
  readonly breakerCalls?: number;
  /** Milliseconds for which it is open the first time; doubled each time that it fails again. @default 10,000 */
  readonly breakerFirstMs?: number;
  /** Milliseconds for which it is open at most. @default 300,000 */
  readonly breakerLongestMs?: number;
}

/** The same with every default filled in. */
export interface ResolvedResilience {
  readonly breaker: BreakerFigures;
  readonly bulkhead: BulkheadFigures;
}

/** Sockets that the network opens to one host at most. */
const hostCalls = 128;

/** What is taken where the host says nothing. */
export const defaultResilience: Required<ResilienceOptions> = {
  connectionCalls: 64,
  tenantCalls: 128,
  tenantWaiting: 1_000,
  answerBytes: 2_147_483_648,
  breakerCalls: 10,
  breakerFirstMs: 10_000,
  breakerLongestMs: 300_000,
};

/** The figures of the guards, from options that have been checked. */
export function resolveResilience(options: Required<ResilienceOptions>, maximumResponseBytes: number): ResolvedResilience {
  const { connectionCalls, tenantCalls, tenantWaiting, answerBytes, breakerCalls, breakerFirstMs, breakerLongestMs } = options;
  const allCalls = Math.max(1, Math.floor(answerBytes / maximumResponseBytes));
  return {
    breaker: { calls: 20, leastCalls: breakerCalls, share: 0.5, firstOpenMs: breakerFirstMs, longestOpenMs: breakerLongestMs },
    bulkhead: { connectionCalls, tenantCalls, hostCalls, allCalls, tenantWaiting },
  };
}
