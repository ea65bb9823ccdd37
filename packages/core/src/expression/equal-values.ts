import { Duration } from './duration.ts';
import { isForbiddenName } from './forbidden-name.ts';
import { type Frame, fail, spendScan, spendSteps } from './frame.ts';
import { memberNames } from './member-names.ts';
import { Timestamp } from './timestamp.ts';
import { admit, compareNumbers, isBytes, isList, isMap, isNumeric, kindOf, type MapValue, type Value } from './value.ts';

/** CEL equality: numbers by their mathematical value, lists and maps by their content, unlike kinds are unequal. Paid for by size. */
export function equalValues(frame: Frame, left: Value, right: Value): boolean {
  return equalWithin(frame, { left, right, depth: frame.depth });
}

interface Pair {
  readonly left: Value;
  readonly right: Value;
  readonly depth: number;
}

function equalWithin(frame: Frame, pair: Pair): boolean {
  const { left, right, depth } = pair;
  if (typeof left === 'string' && typeof right === 'string') {
    spendScan(frame, Math.min(left.length, right.length));
    return left === right;
  }
  if (isNumeric(left) && isNumeric(right)) return compareNumbers(left, right) === 0;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  if (depth === 0) return fail(frame, 'the data compared is nested too deeply');
  spendSteps(frame, 1);
  if (isList(left)) return isList(right) && equalLists(frame, { left, right, depth: depth - 1 });
  if (isMap(left)) return isMap(right) && equalMaps(frame, { left, right, depth: depth - 1 });
  return equalScalars(frame, left, right);
}

function equalScalars(frame: Frame, left: Value, right: Value): boolean {
  if (left instanceof Timestamp) return right instanceof Timestamp && left.nanoseconds === right.nanoseconds;
  if (left instanceof Duration) return right instanceof Duration && left.nanoseconds === right.nanoseconds;
  if (!isBytes(left) || !isBytes(right) || left.length !== right.length) return false;
  spendScan(frame, left.length);
  return left.every((byte, index) => byte === right[index]);
}

function equalLists(frame: Frame, lists: { left: readonly unknown[]; right: readonly unknown[]; depth: number }): boolean {
  const { left, right, depth } = lists;
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    spendSteps(frame, 1);
    if (!equalWithin(frame, { left: admit(frame, left[index]), right: admit(frame, right[index]), depth })) return false;
  }
  return true;
}

function equalMaps(frame: Frame, maps: { left: MapValue; right: MapValue; depth: number }): boolean {
  const { left, right, depth } = maps;
  const names = memberNames(frame, left);
  if (names.length !== memberNames(frame, right).length) return false;
  for (const name of names) {
    if (!Object.hasOwn(right, name)) return false;
    if (!equalWithin(frame, { left: admit(frame, left[name]), right: admit(frame, right[name]), depth })) return false;
  }
  return true;
}

/** `in` over a list, by CEL equality, or over a map's names. */
export function containsValue(frame: Frame, container: Value, sought: Value): boolean {
  if (isList(container)) {
    for (const item of container) {
      spendSteps(frame, 1);
      if (equalValues(frame, admit(frame, item), sought)) return true;
    }
    return false;
  }
  if (!isMap(container)) return fail(frame, `"in" needs a list or a map, not ${kindOf(container)}`);
  return typeof sought === 'string' && !isForbiddenName(sought) && Object.hasOwn(container, sought);
}
