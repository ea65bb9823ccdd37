import type { CompiledCondition } from '../compile-condition.ts';

/** A rule as it is indexed. */
export interface Rule<Of> {
  /** Unique in the index; matches come in order of it. */
  readonly id: string;
  /** `null`: always. */
  readonly condition: CompiledCondition | null;
  /** What is found. */
  readonly of: Of;
}

/** A rule in its place: what is still to be asked where it is looked up. */
export interface PlacedRule<Of> {
  readonly rule: Rule<Of>;
  /** The number of its second test. The first stands in the list, and most rules have no more. */
  readonly second: number;
  readonly more: readonly number[] | null;
  /** True where its tests say all there is to say, unless one of them is dear. */
  readonly isWhole: boolean;
  /** Places in the order of ids. */
  order: number;
}

/** Rules that are looked up together, and the number of each one's first test beside it: where that fails the rule is not touched. */
export interface RuleList<Of> {
  readonly rules: PlacedRule<Of>[];
  readonly firsts: number[];
}

/** Rules looked up by the value at one path. */
export interface Lookup<Of> {
  readonly place: number;
  readonly byValue: Map<unknown, RuleList<Of>>;
}
