import { equalValues } from '../expression/equal-values.ts';
import type { Frame } from '../expression/frame.ts';
import { spendSteps } from '../expression/frame.ts';
import type { Path } from '../expression/path.ts';
import { admit } from '../expression/value.ts';
import type { Json } from '../json/json.ts';
import type { ChangeOperator } from './condition.ts';
import { previousValue } from './previous-value.ts';
import { type Decide, erred, guarded } from './verdict.ts';

/** True for an operator that compares a field with what it held before. */
export function isChangeOperator(op: string): op is ChangeOperator {
  return op === 'changed' || op === 'changed_from' || op === 'changed_to';
}

/**
 * `changed`, `changed_from`, `changed_to`. What is new has changed from nothing, which is no change. An event that does not say what was
 * before is an error, so that `not` of it is none the less false.
 */
export function compileChange(op: ChangeOperator, path: Path, expected: Json | undefined): Decide {
  return guarded((value, frame) => {
    spendSteps(frame, 10);
    const previous = previousValue(frame.scope, path);
    if ('unsaid' in previous) return erred('the event does not say what was before');
    if ('isNew' in previous || same(frame, previous.value, value)) return false;
    if (op === 'changed') return true;
    return same(frame, op === 'changed_from' ? previous.value : value, expected);
  });
}

/** By content; absent is the same as null. */
function same(frame: Frame, left: unknown, right: unknown): boolean {
  return equalValues(frame, admit(frame, left ?? null), admit(frame, right ?? null));
}
