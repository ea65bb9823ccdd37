import { Duration } from './duration.ts';
import { type Frame, fail, spendScan } from './frame.ts';
import { Timestamp } from './timestamp.ts';
import { compareNumbers, isBytes, isNumeric, kindOf, type Value } from './value.ts';

/** Orders two values: below, equal to or above 0; NaN where a double is not a number. Kinds that have no common order are a fault. */
export function compareValues(frame: Frame, left: Value, right: Value): number {
  if (isNumeric(left) && isNumeric(right)) return compareNumbers(left, right);
  if (typeof left === 'string' && typeof right === 'string') {
    spendScan(frame, Math.min(left.length, right.length) * 4);
    return compareText(left, right);
  }
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (left instanceof Timestamp && right instanceof Timestamp) return compareBig(left.nanoseconds, right.nanoseconds);
  if (left instanceof Duration && right instanceof Duration) return compareBig(left.nanoseconds, right.nanoseconds);
  if (isBytes(left) && isBytes(right)) {
    spendScan(frame, Math.min(left.length, right.length));
    return Buffer.compare(left, right);
  }
  return fail(frame, `${kindOf(left)} and ${kindOf(right)} have no common order`);
}

function compareBig(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Orders text by code points, as CEL does; `<` of the host orders by UTF-16 units and puts an emoji before U+FF00. */
export function compareText(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const one = left.charCodeAt(index);
    const other = right.charCodeAt(index);
    if (one !== other) return rank(one) - rank(other);
  }
  return left.length - right.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
