import type { ExecutionPolicy, Executor, Work } from '../contracts/executor.ts';
import type { StepRules } from '../contracts/step-rules.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import type { Resolution } from './resolution.ts';

/** A policy with what the automation says of the step in place of what its executor does. */
export function withRules(policy: ExecutionPolicy, rules: StepRules | null): ExecutionPolicy {
  if (rules === null) return policy;
  const { timeoutMs = policy.timeoutMs, maximumAttempts = policy.maximumAttempts, backoffMs } = rules;
  return { ...policy, timeoutMs, maximumAttempts, backoffMs: backoffMs ?? ((attempts, random) => policy.backoffMs(attempts, random)) };
}

/** Milliseconds after which rules that could not be read are read again. */
const againMs = 1_000;

/** Runs an attempt where the rules of its step let it begin; where they do not, it goes back unused. Throws what the attempt does. */
export async function underRules(
  { rulesOf, executor, work }: { readonly rulesOf: () => Promise<StepRules | null>; readonly executor: Executor; readonly work: Work },
  attempt: (rules: StepRules | null) => Promise<Resolution | null>,
): Promise<Resolution | null> {
  let rules: StepRules | null;
  let place: (() => void) | number | undefined;
  try {
    rules = await rulesOf();
    place = await rules?.enter?.(withRules(executor.policy(work.dispatch), rules).timeoutMs);
  } catch (error) {
    return { write: 'defer', delayMs: againMs, reason: toErrorRecord(error).code, nothingSent: true };
  }
  if (typeof place === 'number') return { write: 'defer', delayMs: Math.max(1, place), reason: 'concurrency', nothingSent: true };
  try {
    return await attempt(rules);
  } finally {
    place?.();
  }
}
