import type { Shapes } from '../expression/check-path.ts';
import type { CompileBudget } from '../expression/compile-budget.ts';
import type { RequiredEquality } from '../expression/equalities-of.ts';
import type { ExpressionLimits } from '../expression/expression-limits.ts';
import type { Frame } from '../expression/frame.ts';
import type { Path } from '../expression/path.ts';
import type { Shape } from '../expression/shape.ts';
import type { Condition, ItemCondition } from './condition.ts';
import type { ConditionReport } from './condition-report.ts';
import type { Decide, Verdict } from './verdict.ts';

/** A compiled part of a condition. */
export interface ConditionNode {
  readonly decide: Decide;
  readonly explain: (subject: unknown, fuel: ExplainFuel) => Explained;
  /** Of an operator on a field of the scope: where it looks, and its test of the value found there. */
  readonly leaf?: { readonly path: Path; readonly test: Decide };
  /** Of a formula: equalities without which it is not true. */
  readonly requires?: readonly RequiredEquality[];
  /** Of `all`: its parts, in their order. */
  readonly parts?: readonly ConditionNode[];
}

/** What decides pays from `frame`, as it does in a test; what a test would have skipped pays from `spare`, and cannot change the verdict. */
export interface ExplainFuel {
  readonly frame: Frame;
  readonly spare: Frame;
}

/** A part's verdict, errors told apart, and its report. */
export interface Explained {
  readonly verdict: Verdict;
  readonly report: ConditionReport;
}

/** The state of compiling one condition. */
export interface ConditionBuilding {
  /** Variables that exist; undefined lets every name through. */
  readonly roots: readonly string[] | undefined;
  /** What is known of the variables' data. */
  readonly shapes: Shapes | undefined;
  readonly limits: ExpressionLimits;
  readonly reads: Path[];
  readonly budget: CompileBudget;
  readonly compile: (condition: Condition | ItemCondition, at: BuildingPlace) => ConditionNode;
}

/** Where a part stands while it compiles. */
export interface BuildingPlace {
  readonly place: string;
  /** True inside a `where`, where fields are relative to the item. */
  readonly ofItem: boolean;
  /** What is known of the item there. */
  readonly item?: Shape | undefined;
}

/** The members of a report that tell a verdict. */
export function outcomeOf(verdict: Verdict): { readonly verdict: boolean; readonly error?: string } {
  return typeof verdict === 'boolean' ? { verdict } : { verdict: false, error: verdict.reason };
}
