import type { ExecutionPolicy } from '../contracts/executor.ts';

/** What such a policy is made of. */
export interface UntilAnswered {
  readonly figures: Pick<ExecutionPolicy, 'maximumAttempts' | 'maximumCrashes'>;
  /** Milliseconds for one try. */
  readonly timeoutMs: number;
  readonly backoffMs: ExecutionPolicy['backoffMs'];
}

/** The policy of what does no harm where it is done twice: tried again, whatever became of the try before, until the service has answered. */
export const untilAnswered = ({ figures, timeoutMs, backoffMs }: UntilAnswered): ExecutionPolicy => ({
  idempotency: 'idempotent',
  ...figures,
  timeoutMs,
  retryWithinMs: Number.POSITIVE_INFINITY,
  keyLifetimeMs: 0,
  settlesWithinMs: 0,
  onUnknown: 'retry',
  backoffMs,
});
