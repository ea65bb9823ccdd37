import { equalValues } from '../expression/equal-values.ts';
import { findText, payForSearch } from '../expression/find-text.ts';
import { type Frame, spendScan, spendSteps, spendText } from '../expression/frame.ts';
import { admit } from '../expression/value.ts';
import type { Json } from '../json/json.ts';
import { describeKind } from './actual-value.ts';
import type { Scalar } from './condition.ts';
import { type Decide, erred, guarded, negated } from './verdict.ts';

/** `equals`: scalars by value, lists and objects by content. Absent equals nothing, not even null. */
export function compileEquals(expected: Json, ignoreCase: boolean): Decide {
  if (typeof expected === 'string') return ignoreCase ? equalsFolded(expected) : (value) => value === expected;
  if (typeof expected === 'number') return (value) => value === expected || (typeof value === 'bigint' && value === toInteger(expected));
  if (typeof expected !== 'object' || expected === null) return (value) => value === expected;
  return guarded((value, frame) => value !== undefined && equalValues(frame, admit(frame, value), expected));
}

function toInteger(number: number): bigint | undefined {
  return Number.isSafeInteger(number) ? BigInt(number) : undefined;
}

function toNumber(integer: bigint): number | undefined {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : undefined;
}

function equalsFolded(expected: string): Decide {
  const folded = expected.toLowerCase();
  return guarded((value, frame) => typeof value === 'string' && fold(frame, value) === folded);
}

/** Lower case by Unicode's rules, paid for by length. */
export function fold(frame: Frame, text: string): string {
  if (text.length >= 32) spendText(frame, text.length * 2);
  return text.toLowerCase();
}

/** `in`: equals one of some scalars. */
export function compileIn(expected: readonly Scalar[], ignoreCase: boolean): Decide {
  const scalars = new Set<unknown>(expected.map((each) => (ignoreCase && typeof each === 'string' ? each.toLowerCase() : each)));
  const plain = (value: unknown): boolean => scalars.has(typeof value === 'bigint' ? (toNumber(value) ?? value) : value);
  return ignoreCase ? guarded((value, frame) => plain(typeof value === 'string' ? fold(frame, value) : value)) : plain;
}

/** `contains`: text has the part, or a list has an equal item. Absent and null contain nothing. */
export function compileContains(expected: Scalar, ignoreCase: boolean): Decide {
  const part = typeof expected === 'string' && ignoreCase ? expected.toLowerCase() : expected;
  const equals = compileEquals(expected, ignoreCase);
  return guarded((value, frame) => {
    if (value === undefined || value === null) return false;
    if (Array.isArray(value)) return value.some((item) => holdsFor(frame, equals, item));
    if (typeof value !== 'string') return erred(`it is ${describeKind(value)}, neither a string nor a list`);
    if (typeof part !== 'string') return erred('a string contains strings only');
    payForSearch(frame, value, part);
    return findText(ignoreCase ? fold(frame, value) : value, part) !== -1;
  });
}

function holdsFor(frame: Frame, equals: Decide, item: unknown): boolean {
  spendSteps(frame, 1);
  return equals(item, frame) === true;
}

/** `starts_with` and `ends_with`. */
export function compileEdge(edge: 'start' | 'end', expected: string, ignoreCase: boolean): Decide {
  const sought = ignoreCase ? expected.toLowerCase() : expected;
  return guarded((value, frame) => {
    if (value === undefined || value === null) return false;
    if (typeof value !== 'string') return erred(`it is ${describeKind(value)}, not a string`);
    spendScan(frame, sought.length);
    const text = ignoreCase ? fold(frame, value) : value;
    return edge === 'start' ? text.startsWith(sought) : text.endsWith(sought);
  });
}

/** The opposite operator; what errs still errs. */
export function opposite(decide: Decide): Decide {
  return (value, frame) => negated(decide(value, frame));
}
