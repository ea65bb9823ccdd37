import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { ExecutionPolicy, Executor, Outcome, Work } from '../contracts/executor.ts';
import type { StepRules } from '../contracts/step-rules.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { lookForEffect, reasonOf } from './look-for-effect.ts';
import { mayHaveHappened, recoverUnknown } from './recover-unknown.ts';
import type { Resolution } from './resolution.ts';
import { cancelled, dead, held, resolveOutcome } from './resolve-outcome.ts';
import { withRules } from './under-rules.ts';

/** What one execution needs besides the work itself. */
export interface ExecuteInput {
  readonly executor: Executor;
  readonly work: Work;
  /** What the automation says of the step. @default nothing */
  readonly rules?: StepRules | null;
  /** Monotonic time now, on the clock of the work's deadline. */
  readonly now: () => number;
  /** Marks the dispatch as in flight by a write of its own; false when the lease is lost. */
  readonly begin: () => Promise<boolean>;
  /** Between 0 and 1. */
  readonly random: () => number;
  /** Length of a lease, milliseconds. */
  readonly leaseMs: number;
}

/**
 * One try at a dispatch: recovers an unknown outcome first, marks it in flight, runs it, and says what is to be written. `null`: the
 * lease is lost, and nothing is. Never throws for what the executor throws. Nothing begins after the deadline, whoever executes it.
 */
export async function executeDispatch(input: ExecuteInput): Promise<Resolution | null> {
  const { executor, work, random } = input;
  const { dispatch } = work;
  const unwanted = whenRunIsCancelled(dispatch);
  if (unwanted) return unwanted;
  const own = policyOf(executor, dispatch);
  if ('write' in own) return own;
  const policy = withRules(own, input.rules ?? null);
  const spent = beyondCap(dispatch, policy);
  if (spent) return spent;
  const recovery = recoverUnknown(dispatch, policy);
  if (recovery.way === 'hold') return held({ code: 'outcome_unknown', message: `${recovery.why} Decide with dispatches.resolve.` });
  const late = whenTooLate(input);
  if (late) return late;
  if (recovery.way === 'look') return lookForEffect({ executor, work, policy, random: random(), leaseMs: input.leaseMs });
  if (dispatch.mark === 'begin') {
    if (!(await input.begin())) return null;
    const lateNow = whenTooLate(input);
    if (lateNow) return lateNow;
  }
  const outcome = await run(executor, work);
  return resolveOutcome({ dispatch, policy, outcome, random: random() });
}

/** Nothing of a cancelled run is tried again; what was under way when it was cancelled has ended by itself. */
function whenRunIsCancelled(dispatch: ClaimedDispatch): Resolution | null {
  if (dispatch.run?.status !== 'cancelled') return null;
  const doubt = dispatch.unknownSince === null ? '' : ' An earlier try may have happened.';
  return cancelled({ code: 'cancelled', message: `Its run was cancelled before it was tried again.${doubt}` }, dispatch);
}

function policyOf(executor: Executor, dispatch: ClaimedDispatch): ExecutionPolicy | Resolution {
  try {
    return executor.policy(dispatch);
  } catch (error) {
    // Without a policy nobody knows what a second try could do, nor how many there are.
    return held(toErrorRecord(error));
  }
}

function beyondCap(dispatch: ClaimedDispatch, policy: ExecutionPolicy): Resolution | null {
  const crashed = dispatch.crashes >= policy.maximumCrashes;
  if (!crashed && dispatch.attempts < policy.maximumAttempts) return null;
  const error = crashed
    ? {
        code: 'crash_limit',
        message: `${dispatch.crashes} workers died or lost their lease while they had it. Find out why before you retry it.`,
      }
    : { code: 'attempts_exhausted', message: `Given up after ${dispatch.attempts} attempts. Mend the cause and retry it by hand.` };
  if (!mayHaveHappened(dispatch, policy)) return dead(error);
  return held({ ...error, message: `${error.message} It may have happened: decide with dispatches.resolve.` });
}

function whenTooLate({ work, now }: ExecuteInput): Resolution | null {
  if (!work.signal.aborted && now() < work.deadline) return null;
  return { write: 'defer', delayMs: 0, reason: work.signal.aborted ? reasonOf(work.signal) : 'lease_lost', nothingSent: true };
}

/** What an executor throws without saying whether anything was sent counts as unknown. */
async function run(executor: Executor, work: Work): Promise<Outcome> {
  try {
    return await executor.execute(work);
  } catch (error) {
    return { outcome: 'unknown', error: toErrorRecord(error) };
  }
}
