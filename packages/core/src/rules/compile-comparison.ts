import { compilePattern } from '../expression/compile-pattern.ts';
import { isPlainObject } from '../expression/read-member.ts';
import { describeKind } from './actual-value.ts';
import { compileAge } from './compare-age.ts';
import { compileContains, compileEdge, compileEquals, compileIn, opposite } from './compare-equality.ts';
import { compileMoment, compileOrder } from './compare-order.ts';
import type { ChangeOperator, Comparison } from './condition.ts';
import { invalidCondition } from './condition-error.ts';
import type { BuildingPlace, ConditionBuilding } from './condition-node.ts';
import { placeBelow } from './condition-place.ts';
import { type Decide, erred, guarded } from './verdict.ts';

/** Operators that look at one value, `some`, `every` and `none` excepted. */
export type ValueComparison = Exclude<Comparison, { readonly where: unknown } | { readonly op: ChangeOperator }>;

const isEmpty: Decide = (value) => {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isPlainObject(value) && Object.keys(value).length === 0;
};

const exists: Decide = (value) => value !== undefined && value !== null;

/** Compiles an operator to a test of the field's value, undefined where the field is absent. */
export function compileComparison(comparison: ValueComparison, at: BuildingPlace, building: ConditionBuilding): Decide {
  switch (comparison.op) {
    case 'equals':
      return compileEquals(comparison.value, comparison.ignoreCase ?? false);
    case 'not_equals':
      return opposite(compileEquals(comparison.value, comparison.ignoreCase ?? false));
    case 'in':
      return compileIn(comparison.value, comparison.ignoreCase ?? false);
    case 'not_in':
      return opposite(compileIn(comparison.value, comparison.ignoreCase ?? false));
    case 'contains':
      return compileContains(comparison.value, comparison.ignoreCase ?? false);
    case 'not_contains':
      return opposite(compileContains(comparison.value, comparison.ignoreCase ?? false));
    case 'starts_with':
      return compileEdge('start', comparison.value, comparison.ignoreCase ?? false);
    case 'ends_with':
      return compileEdge('end', comparison.value, comparison.ignoreCase ?? false);
    case 'matches':
      return compileMatches(comparison, at, building);
    case 'exists':
      return exists;
    case 'not_exists':
      return opposite(exists);
    case 'is_empty':
      return isEmpty;
    case 'is_not_empty':
      return opposite(isEmpty);
    case 'within_last':
    case 'within_next':
    case 'older_than':
      return compileAge(comparison.op, comparison.value);
    case 'before':
    case 'after':
      return compileMoment(comparison.op, comparison.value);
    default:
      return compileOrder(comparison.op, comparison.value);
  }
}

function compileMatches(
  comparison: Extract<ValueComparison, { readonly op: 'starts_with' | 'ends_with' | 'matches' }>,
  at: BuildingPlace,
  building: ConditionBuilding,
): Decide {
  const pattern = compilePattern(comparison.value, comparison.ignoreCase);
  const place = placeBelow(at.place, 'value');
  if (typeof pattern === 'string') throw invalidCondition(place, `${pattern}; correct the pattern.`);
  building.budget.patternWeight -= pattern.weight;
  if (building.budget.patternWeight < 0) throw invalidCondition(place, 'the patterns together are too large; split the condition.');
  return guarded((value, frame) => {
    if (value === undefined || value === null) return false;
    return typeof value === 'string' ? pattern.test(frame, value) : erred(`it is ${describeKind(value)}, not a string`);
  });
}
