import { followPath } from '../expression/check-path.ts';
import { kindWords } from '../expression/inference.ts';
import type { Path } from '../expression/path.ts';
import { itemOfShape, kindOfJson, kindsOfShape, type Shape } from '../expression/shape.ts';
import type { FieldCondition, ItemFieldCondition } from './condition.ts';
import { invalidCondition } from './condition-error.ts';
import { placeBelow } from './condition-place.ts';
import { operators } from './operators.ts';

/** Where a field stands, and what is known of what it is read from. */
export interface FieldPlace {
  readonly place: string;
  /** What the path starts from, of an item; `undefined`: nothing is known. */
  readonly from: Shape | undefined;
  readonly path: Path;
  /** What stands before the path, for the reason. */
  readonly before: Path;
}

/**
 * Holds an operator on a field against what is known of the data. Throws `condition_invalid` for a field that never is there and for an operator
 * that can never look at it. Answers the shape of the list's items, for `where`.
 */
export function checkField(condition: FieldCondition | ItemFieldCondition, { place, from, path, before }: FieldPlace): Shape | undefined {
  if (from === undefined) return undefined;
  const found = followPath(from, path, before);
  if ('reason' in found) throw invalidCondition(placeBelow(place, 'field'), `${found.reason}. Correct the path.`);
  const { shape } = found;
  const kinds = shape && kindsOfShape(shape);
  if (shape === undefined || kinds === undefined) return undefined;
  const needed = neededKinds(condition);
  if (needed.length > 0 && !needed.some((kind) => kinds.has(kind))) {
    const at = operators[condition.op].operand === 'json' || condition.op === 'in' || condition.op === 'not_in' ? 'value' : 'op';
    throw invalidCondition(
      placeBelow(place, at),
      `the field is ${kindWords(kinds)}, and this looks for ${kindWords(new Set(needed))}. Correct it, or name another field.`,
    );
  }
  const item = condition.where === undefined ? undefined : itemOfShape(shape);
  return item !== undefined && 'shape' in item ? item.shape : undefined;
}

/** Kinds of which the field must be one; none: any. */
function neededKinds({ op, value }: FieldCondition | ItemFieldCondition): readonly string[] {
  switch (op) {
    case 'equals':
    case 'not_equals':
    case 'changed_from':
    case 'changed_to':
      return value === null ? [] : [kindOfJson(value)];
    case 'in':
    case 'not_in':
      return value.includes(null) ? [] : [...new Set(value.map(kindOfJson))];
    case 'contains':
    case 'not_contains':
      return typeof value === 'string' ? ['string', 'array'] : ['array'];
    case 'greater_than':
    case 'greater_or_equal':
    case 'less_than':
    case 'less_or_equal':
      return [typeof value];
    case 'some':
    case 'every':
    case 'none':
      return ['array'];
    case 'exists':
    case 'not_exists':
    case 'is_empty':
    case 'is_not_empty':
    case 'changed':
      return [];
    default:
      return ['string'];
  }
}
