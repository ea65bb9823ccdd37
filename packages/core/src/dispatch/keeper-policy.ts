import type { ExecutionPolicy } from '../contracts/executor.ts';

/** Of a dispatch that looks after something for as long as it is there: it is never given up, what it cannot do now it does later. */
export const keeperPolicy: ExecutionPolicy = {
  idempotency: 'keyed',
  maximumAttempts: Number.MAX_SAFE_INTEGER,
  maximumCrashes: 1_000,
  timeoutMs: 60_000,
  retryWithinMs: Number.POSITIVE_INFINITY,
  keyLifetimeMs: Number.POSITIVE_INFINITY,
  settlesWithinMs: 0,
  onUnknown: 'retry',
  backoffMs: (attempts) => Math.min(60_000, 1_000 * 2 ** Math.min(attempts, 6)),
};
