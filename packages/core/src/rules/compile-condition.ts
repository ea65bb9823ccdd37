import type { Shapes } from '../expression/check-path.ts';
import { createCompileBudget } from '../expression/compile-budget.ts';
import { distinctPaths } from '../expression/compile-program.ts';
import { type ExpressionLimits, resolveLimits } from '../expression/expression-limits.ts';
import { addUse, createFrame, type FuelUse } from '../expression/frame.ts';
import type { Path } from '../expression/path.ts';
import { compileField } from './compile-field.ts';
import { compileFormula } from './compile-formula.ts';
import { compileGroup, compileNegation } from './compile-group.ts';
import type { Condition, ItemCondition } from './condition.ts';
import type { BuildingPlace, ConditionBuilding, ConditionNode } from './condition-node.ts';
import type { ConditionReport } from './condition-report.ts';
import { type Conjunct, conjunctsOf } from './conjuncts-of.ts';

/** What compiling a condition takes besides the condition. */
export interface ConditionOptions {
  /** Variables that exist, for example `event`. @default any */
  readonly roots?: readonly string[];
  /** What is known of the variables' data: a field that never is there and an operator that never fits are refused. @default nothing, and nothing is */
  readonly shapes?: Shapes;
  /** Of each formula; steps and bytes are of one test together. @default those of compileExpression */
  readonly limits?: Partial<ExpressionLimits>;
}

/** A compiled condition. Holds no state between tests. */
export interface CompiledCondition {
  /** The condition it was made from. */
  readonly condition: Condition | undefined;
  /** The tests that must all hold for it to hold: what rules of one set share. Made anew at each call. */
  readonly conjuncts: () => readonly Conjunct[];
  /** Most fuel of one test. */
  readonly limits: ExpressionLimits;
  /** Paths that it reads from the root of the scope, those of formulas included; each once, sorted. */
  readonly roots: readonly Path[];
  /** True where the condition holds. Stops at the first part that decides; an error is false. Never throws for what data holds. Adds what it used to `use`. */
  readonly test: (scope: Readonly<Record<string, unknown>>, use?: FuelUse) => boolean;
  /** Tests every part and reports each, with the verdict that `test` answers. What `test` skips is paid for apart. */
  readonly explain: (scope: Readonly<Record<string, unknown>>) => ConditionReport;
}

const always: CompiledCondition = {
  condition: undefined,
  conjuncts: () => [],
  limits: resolveLimits(),
  roots: [],
  test: () => true,
  explain: () => ({ kind: 'always', verdict: true }),
};

/**
 * Compiles a condition; without one it always holds. Throws `condition_invalid` naming the place of a path, pattern or formula that is
 * not valid. A condition that nobody has checked goes through `parseCondition` first.
 */
export function compileCondition(condition: Condition | undefined, options: ConditionOptions = {}): CompiledCondition {
  if (condition === undefined) return always;
  const limits = resolveLimits(options.limits);
  const building: ConditionBuilding = {
    roots: options.roots,
    shapes: options.shapes,
    limits,
    reads: [],
    budget: createCompileBudget(),
    compile: (part, at) => compilePart(part, at, building),
  };
  const node = compilePart(condition, { place: '', ofItem: false }, building);
  return {
    condition,
    conjuncts: () => conjunctsOf(condition, node),
    limits,
    roots: distinctPaths(building.reads),
    test: (scope, use) => {
      const frame = createFrame(scope, limits);
      const holds = node.decide(scope, frame) === true;
      if (use !== undefined) addUse(use, frame, limits);
      return holds;
    },
    explain: (scope) => node.explain(scope, { frame: createFrame(scope, limits), spare: createFrame(scope, limits) }).report,
  };
}

function compilePart(part: Condition | ItemCondition, at: BuildingPlace, building: ConditionBuilding): ConditionNode {
  if (part.all !== undefined) return compileGroup({ kind: 'all', parts: part.all }, at, building);
  if (part.any !== undefined) return compileGroup({ kind: 'any', parts: part.any }, at, building);
  if (part.not !== undefined) return compileNegation(part.not, at, building);
  if (part.cel !== undefined) return compileFormula(part.cel, at, building);
  return compileField(part, at, building);
}
