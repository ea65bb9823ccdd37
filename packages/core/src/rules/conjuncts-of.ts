import type { RequiredEquality } from '../expression/equalities-of.ts';
import type { Path } from '../expression/path.ts';
import type { Condition, ItemCondition, Scalar } from './condition.ts';
import type { ConditionNode } from './condition-node.ts';
import { shortestSought, type TextSearch } from './matching/text-solver.ts';
import type { Decide } from './verdict.ts';

/** Most values by which one test is looked up: each of them takes room in the index. A longer list is asked when a rule needs it. */
const mostValues = 64;

/** One of the tests that must all hold for a condition to hold. */
export interface Conjunct {
  /** The same text is the same test. */
  readonly key: string;
  /** Where it looks; `null` for one that is about the whole scope, such as a formula. */
  readonly path: Path | null;
  /** Decides about the value at the path, or about the scope. */
  readonly decide: Decide;
  /** Set where it holds exactly for these values: rules are looked up by them. */
  readonly equals: readonly Scalar[] | null;
  /** Set where it holds exactly for text with this in it. */
  readonly text: TextSearch | null;
  /** How dear it is beside others; the cheap ones are asked first. */
  readonly cost: number;
}

/** The conjuncts of a compiled condition: nested `all` are one list, and a formula stands behind the equalities that it cannot be true without. */
export function conjunctsOf(condition: Condition | ItemCondition, node: ConditionNode): readonly Conjunct[] {
  const { parts } = node;
  if (condition.all !== undefined && parts !== undefined)
    return condition.all.flatMap((part, index) => {
      const inner = parts[index];
      return inner === undefined ? [] : conjunctsOf(part, inner);
    });
  const { leaf, requires = [] } = node;
  const common = { key: JSON.stringify(condition), equals: equalScalars(condition), text: textSearch(condition), cost: costOf(condition) };
  if (leaf !== undefined) return [{ ...common, path: leaf.path, decide: leaf.test }];
  return [
    ...requires.filter(({ values }) => values.length <= mostValues).map(requiredEquality),
    { ...common, path: null, decide: node.decide },
  ];
}

function requiredEquality({ path, values }: RequiredEquality): Conjunct {
  const key = JSON.stringify(['in', path, values]);
  return { key, path, decide: (value) => values.some((each) => each === value), equals: values, text: null, cost: 1 };
}

function equalScalars({ op, value, ignoreCase }: Condition | ItemCondition): readonly Scalar[] | null {
  if (ignoreCase === true || op === undefined) return null;
  if (op === 'in') return value.length <= mostValues ? value : null;
  return op === 'equals' && isScalar(value) ? [value] : null;
}

function textSearch({ op, value, ignoreCase }: Condition | ItemCondition): TextSearch | null {
  if (ignoreCase === true || typeof value !== 'string' || value.length < shortestSought) return null;
  return op === 'contains' || op === 'starts_with' || op === 'ends_with' ? { op, sought: value } : null;
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value !== 'object';
}

/** Looks at one value, searches in text, or works something out. */
function costOf({ op }: Condition | ItemCondition): number {
  if (op === undefined || op === 'some' || op === 'every' || op === 'none' || op === 'matches') return 3;
  return op === 'contains' || op === 'not_contains' ? 2 : 1;
}
