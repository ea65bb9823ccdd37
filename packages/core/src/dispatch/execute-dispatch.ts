import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { ExecutionPolicy, Executor, Outcome, Work } from '../contracts/executor.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { recoverUnknown } from './recover-unknown.ts';
import type { Resolution } from './resolution.ts';
import { dead, held, resolveOutcome } from './resolve-outcome.ts';

/** What one execution needs besides the work itself. */
export interface ExecuteInput {
  readonly executor: Executor;
  readonly work: Work;
  /** Marks the dispatch as in flight by a write of its own; false when the lease is lost. */
  readonly begin: () => Promise<boolean>;
  readonly random: () => number;
}

/**
 * One try at a dispatch: recovers an unknown outcome first, marks it in flight, runs it, and says what is to be written. `null`: the
 * lease is lost, and nothing is. Never throws for what the executor throws.
 */
export async function executeDispatch(input: ExecuteInput): Promise<Resolution | null> {
  const { executor, work, random } = input;
  const { dispatch } = work;
  const policy = executor.policy(dispatch);
  const spent = beyondCap(dispatch, policy);
  if (spent) return spent;
  const recovery = recoverUnknown(dispatch, policy);
  if (recovery.way === 'hold') return held({ code: 'outcome_unknown', message: `${recovery.why} Decide with dispatches.resolve.` });
  if (recovery.way === 'look') {
    const found = await look(input, policy);
    if (found) return found;
  }
  if (dispatch.mark === 'begin' && !(await input.begin())) return null;
  const outcome = await run(() => executor.execute(work));
  return resolveOutcome({ dispatch, policy, outcome, random: random() });
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
  const uncertain = dispatch.unknownSince !== null && policy.idempotency !== 'read';
  return uncertain ? held({ ...error, message: `${error.message} It may have happened: decide with dispatches.resolve.` }) : dead(error);
}

async function look(input: ExecuteInput, policy: ExecutionPolicy): Promise<Resolution | null> {
  const { executor, work, random } = input;
  const { dispatch } = work;
  const finding = await run(async () => executor.reconcile?.(work));
  if (finding === undefined)
    return held({
      code: 'outcome_unknown',
      message: 'It may have happened, and its connector can no longer look. Decide with dispatches.resolve.',
    });
  if ('outcome' in finding) return resolveOutcome({ dispatch, policy, outcome: finding, random: random() });
  if (finding.answer === 'found') {
    const outcome: Outcome = {
      outcome: 'succeeded',
      output: finding.output,
      warnings: ['Found at the provider after an answer was lost.'],
    };
    return resolveOutcome({ dispatch, policy, outcome, random: random() });
  }
  if (finding.answer === 'cannot_tell') {
    return held({
      code: 'outcome_unknown',
      message: `It may have happened, and the provider cannot say${finding.reason ? `: ${finding.reason}` : ''}. Decide with dispatches.resolve.`,
    });
  }
  const sinceSend = dispatch.storeNow - (dispatch.unknownSince ?? dispatch.storeNow);
  const left = policy.settlesWithinMs - sinceSend;
  return left > 0 ? { write: 'defer', delayMs: left, reason: 'reconcile', nothingSent: true } : null;
}

/** What a connector throws without saying whether anything was sent counts as unknown. */
async function run<Result>(call: () => Promise<Result>): Promise<Result | Extract<Outcome, { outcome: 'unknown' }>> {
  try {
    return await call();
  } catch (error) {
    return { outcome: 'unknown', error: toErrorRecord(error) };
  }
}
