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
  /** Numbers of the first two tests, -1 for none: most rules have no more, and need no list. */
  readonly first: number;
  readonly second: number;
  readonly more: readonly number[] | null;
  /** True where its tests say all there is to say, unless one of them is dear. */
  readonly isWhole: boolean;
  /** Places in the order of ids. */
  order: number;
}

/** Rules looked up by the value at one path. */
export interface Lookup<Of> {
  readonly place: number;
  readonly byValue: Map<unknown, PlacedRule<Of>[]>;
}
