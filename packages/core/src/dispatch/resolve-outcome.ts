import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { ExecutionPolicy, Outcome } from '../contracts/executor.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import { recoverUnknown } from './recover-unknown.ts';
import type { Resolution } from './resolution.ts';

/** Longest wait that a provider can ask for; beyond it the provider's own limits are checked again. 1 hour. */
const longestRetryAfter = 3_600_000;

type Settle = Extract<Resolution, { write: 'settle' }>;

const plain = { error: null, retryInMs: null, providerRequestId: null, warnings: [], end: null, closeLane: null } as const;

/** Turns the outcome of a try into what is written: pure, the random number is handed in. */
export function resolveOutcome(input: {
  readonly dispatch: ClaimedDispatch;
  readonly policy: ExecutionPolicy;
  readonly outcome: Outcome;
  /** Between 0 and 1. */
  readonly random: number;
}): Resolution {
  const { dispatch, policy, outcome, random } = input;
  switch (outcome.outcome) {
    case 'deferred':
      return { write: 'defer', delayMs: outcome.delayMs, reason: outcome.reason, nothingSent: true };
    case 'succeeded':
      return {
        ...plain,
        write: 'settle',
        outcome: 'succeeded',
        settlement: { to: 'succeeded', output: outcome.output },
        providerRequestId: outcome.providerRequestId ?? null,
        warnings: outcome.warnings ?? [],
        end: { ended: 'succeeded', output: outcome.output },
      };
    case 'failed':
      return failed(dispatch, policy, outcome, random);
    case 'unknown':
      return unknown(dispatch, policy, outcome.error, random);
  }
}

/** A dispatch that may not be tried again. */
export function dead(error: ErrorRecord): Settle {
  return { ...plain, write: 'settle', outcome: 'failed', settlement: { to: 'dead' }, error, end: { ended: 'failed', error } };
}

/** A dispatch that waits for a person. */
export function held(error: ErrorRecord): Settle {
  return { ...plain, write: 'settle', outcome: 'unknown', settlement: { to: 'held' }, error };
}

function failed(
  dispatch: ClaimedDispatch,
  policy: ExecutionPolicy,
  outcome: Extract<Outcome, { outcome: 'failed' }>,
  random: number,
): Settle {
  const { error, retryable, retryAfterMs, closeLane } = outcome;
  const wait = retryAfterMs === undefined ? undefined : Math.min(retryAfterMs, longestRetryAfter);
  const gate = closeLane && wait !== undefined ? { reason: closeLane, forMs: wait } : null;
  const attempts = dispatch.attempts + 1;
  if (!retryable) return { ...dead(error), closeLane: gate };
  if (attempts >= policy.maximumAttempts) return { ...dead(exhausted(error, attempts)), closeLane: gate };
  const delayMs = Math.max(policy.backoffMs(attempts, random), wait ?? 0);
  const reason = closeLane ?? 'retry';
  return {
    ...plain,
    write: 'settle',
    outcome: 'failed',
    settlement: { to: 'pending', delayMs, reason, unknown: false },
    error,
    retryInMs: delayMs,
    closeLane: gate,
  };
}

function unknown(dispatch: ClaimedDispatch, policy: ExecutionPolicy, error: ErrorRecord, random: number): Settle {
  const attempts = dispatch.attempts + 1;
  if (policy.idempotency === 'read') return failed(dispatch, policy, { outcome: 'failed', error, retryable: true }, random);
  const next = recoverUnknown({ ...dispatch, unknownSince: dispatch.unknownSince ?? dispatch.storeNow }, policy);
  if (next.way === 'hold') return held({ ...error, message: `${error.message} ${next.why} Decide with dispatches.resolve.` });
  if (attempts >= policy.maximumAttempts) {
    return held({
      ...error,
      code: 'outcome_unknown',
      message: `${error.message} After ${attempts} attempts nobody can tell whether it happened. Decide with dispatches.resolve.`,
    });
  }
  const delayMs = policy.backoffMs(attempts, random);
  return {
    ...plain,
    write: 'settle',
    outcome: 'unknown',
    settlement: { to: 'pending', delayMs, reason: 'unknown', unknown: true },
    error,
    retryInMs: delayMs,
  };
}

function exhausted(error: ErrorRecord, attempts: number): ErrorRecord {
  return { ...error, message: `${error.message} Given up after ${attempts} attempts. Mend the cause and retry it by hand.` };
}
