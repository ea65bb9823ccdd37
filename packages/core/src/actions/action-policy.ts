import type { ActionDefinition } from '../connector/action-definition.ts';
import type { ExecutionPolicy } from '../contracts/executor.ts';

/** How a hub retries unless an action says otherwise. */
export interface RetryFigures {
  /** Recorded outcomes of a round before it is dead. @default 10 */
  readonly maximumAttempts: number;
  /** Crashes of a round before it is dead. @default 3 */
  readonly maximumCrashes: number;
  /** Times that one request is sent again at once, within one attempt, where that does no harm: 0 to 5. @default 2 */
  readonly quickRetries: number;
  /** Upper bound of the first wait, milliseconds. @default 1,000 */
  readonly baseMs: number;
  /** Upper bound of every wait, milliseconds. @default 300,000 */
  readonly maximumMs: number;
}

/** Milliseconds for one call of an action that names none. */
export const defaultActionTimeoutMs = 30_000;

const hour = 3_600_000;

/** The policy of an action; `backoffMs` is handed in because every handler shares it. */
export function actionPolicy(
  action: ActionDefinition | undefined,
  input: { readonly figures: RetryFigures; readonly onUnknown: 'hold' | 'retry'; readonly backoffMs: ExecutionPolicy['backoffMs'] },
): ExecutionPolicy {
  return {
    idempotency: action?.idempotency ?? 'unsafe',
    maximumAttempts: input.figures.maximumAttempts,
    maximumCrashes: input.figures.maximumCrashes,
    timeoutMs: action?.timeoutMs ?? defaultActionTimeoutMs,
    retryWithinMs: action?.idempotency === 'idempotent' ? (action.retryWithin ?? hour) : hour,
    keyLifetimeMs: action?.idempotency === 'keyed' ? action.keyLifetime : 0,
    settlesWithinMs: action?.idempotency === 'reconcilable' ? action.settlesWithin : 0,
    onUnknown: input.onUnknown,
    backoffMs: input.backoffMs,
  };
}
