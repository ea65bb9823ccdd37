import type { WorkloadRule } from './rule-workload.ts';

/** Matches payloads against the rules that it was made with: answers the ids of those that hold, in any order, at once or with a promise. */
export type RuleMatcher = (payload: unknown) => readonly string[] | Promise<readonly string[]>;

/** Compiles rules. */
export type RuleContestant = (rules: readonly WorkloadRule[]) => RuleMatcher;
