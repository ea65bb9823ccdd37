import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { ExecutionPolicy, Outcome } from '../contracts/executor.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import { retryAfterOf } from '../errors/retry-after-of.ts';
import { mayHaveHappened, recoverUnknown } from './recover-unknown.ts';
import type { Resolution } from './resolution.ts';

/** Longest wait that a provider can ask for; beyond it the provider's own limits are checked again. 1 hour. */
const longestRetryAfter = 3_600_000;

type Settle = Extract<Resolution, { write: 'settle' }>;
type Asked = Pick<Extract<Outcome, { outcome: 'failed' }>, 'retryAfterMs' | 'closeLane'>;

const plain = { error: null, retryInMs: null, providerRequestId: null, warnings: [], exchange: null, end: null, closeLane: null } as const;

/** What a try is judged by. */
export interface ResolveInput {
  readonly dispatch: ClaimedDispatch;
  readonly policy: ExecutionPolicy;
  /** Between 0 and 1. */
  readonly random: number;
}

/** Turns the outcome of a try into what is written: pure, the random number is handed in. */
export function resolveOutcome(input: ResolveInput & { readonly outcome: Outcome }): Resolution {
  const { outcome } = input;
  if (outcome.outcome === 'deferred') return { write: 'defer', delayMs: outcome.delayMs, reason: outcome.reason, nothingSent: true };
  if (outcome.outcome === 'held') return held(outcome.error);
  const settled = settle(input, outcome);
  const providerRequestId = settled.providerRequestId ?? settled.error?.providerRequestId ?? null;
  return { ...settled, providerRequestId, exchange: outcome.exchange ?? null };
}

function settle(input: ResolveInput, outcome: Exclude<Outcome, { outcome: 'deferred' | 'held' }>): Settle {
  switch (outcome.outcome) {
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
      return failed(input, outcome);
    case 'unknown':
      return resolveUnknown(input, outcome.error);
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

/** A dispatch that nobody wants any more. What was unknown stays unknown, for whoever tries it again. */
export function cancelled(error: ErrorRecord, { unknownSince }: Pick<ClaimedDispatch, 'unknownSince'>): Settle {
  return { ...plain, write: 'settle', outcome: unknownSince === null ? 'failed' : 'unknown', settlement: { to: 'cancelled' }, error };
}

function failed({ dispatch, policy, random }: ResolveInput, outcome: Extract<Outcome, { outcome: 'failed' }>): Settle {
  const { error, retryable } = outcome;
  const { waitMs, closeLane } = waitOf(outcome);
  const attempts = dispatch.attempts + 1;
  const unknown = isStillUnknown(dispatch, policy);
  if (!retryable) return { ...(unknown ? held(stillOpen(error)) : dead(error)), closeLane };
  if (attempts >= policy.maximumAttempts)
    return { ...(unknown ? held(unclear(error, attempts)) : dead(exhausted(error, attempts))), closeLane };
  const delayMs = Math.max(policy.backoffMs(attempts, random), waitMs);
  const reason = outcome.closeLane ?? 'retry';
  return {
    ...plain,
    write: 'settle',
    outcome: 'failed',
    settlement: { to: 'pending', delayMs, reason, unknown },
    error,
    retryInMs: delayMs,
    closeLane,
  };
}

/**
 * What follows after an outcome that nobody knows: the way of the class, as often as other failures are tried. `asked`: what the provider
 * asked for when it was looked at.
 */
export function resolveUnknown({ dispatch, policy, random }: ResolveInput, error: ErrorRecord, asked: Asked = {}): Settle {
  const attempts = dispatch.attempts + 1;
  if (policy.idempotency === 'read') return failed({ dispatch, policy, random }, { outcome: 'failed', error, retryable: true, ...asked });
  const next = recoverUnknown({ ...dispatch, unknownSince: dispatch.unknownSince ?? dispatch.storeNow }, policy);
  if (next.way === 'hold') return held({ ...error, message: `${error.message} ${next.why} Decide with dispatches.resolve.` });
  const { waitMs, closeLane } = waitOf(asked);
  if (attempts >= policy.maximumAttempts) return { ...held(unclear(error, attempts)), closeLane };
  const delayMs = Math.max(policy.backoffMs(attempts, random), waitMs);
  return {
    ...plain,
    write: 'settle',
    outcome: 'unknown',
    settlement: { to: 'pending', delayMs, reason: 'unknown', unknown: true },
    error,
    retryInMs: delayMs,
    closeLane,
  };
}

/**
 * An earlier try may have happened, and that this one did not says nothing about it. A reconcilable one has been looked for before it was
 * sent again, so there nothing is open any more.
 */
function isStillUnknown(dispatch: Pick<ClaimedDispatch, 'unknownSince'>, policy: ExecutionPolicy): boolean {
  return policy.idempotency !== 'reconcilable' && mayHaveHappened(dispatch, policy);
}

function waitOf({ closeLane, ...asked }: Asked): { readonly waitMs: number; readonly closeLane: Settle['closeLane'] } {
  const wanted = retryAfterOf(asked);
  if (wanted === undefined) return { waitMs: 0, closeLane: null };
  const waitMs = Math.min(wanted, longestRetryAfter);
  return { waitMs, closeLane: closeLane ? { reason: closeLane, forMs: waitMs } : null };
}

function unclear(error: ErrorRecord, attempts: number): ErrorRecord {
  const message = `${error.message} After ${attempts} attempts nobody can tell whether it happened. Decide with dispatches.resolve.`;
  return { ...error, code: 'outcome_unknown', message };
}

function stillOpen(error: ErrorRecord): ErrorRecord {
  return { ...error, message: `${error.message} An earlier attempt may have happened. Decide with dispatches.resolve.` };
}

function exhausted(error: ErrorRecord, attempts: number): ErrorRecord {
  return { ...error, message: `${error.message} Given up after ${attempts} attempts. Mend the cause and retry it by hand.` };
}
