import { Duration } from './duration.ts';
import { type Frame, fail } from './frame.ts';
import { isPlainObject } from './read-member.ts';
import { Timestamp } from './timestamp.ts';

/** What an expression computes with. An int is a bigint; a number, as all numbers of JSON, is a double. Members are admitted when read. */
export type Value = null | boolean | number | bigint | string | Uint8Array | Timestamp | Duration | readonly unknown[] | MapValue;

/** A map of an expression: an object of data, read by own members only. */
export type MapValue = Readonly<Record<string, unknown>>;

/** The kinds of value, in the words that errors use. */
export type Kind = 'null' | 'bool' | 'double' | 'int' | 'string' | 'bytes' | 'timestamp' | 'duration' | 'list' | 'map';

/** Lets a value of the host into an evaluation, or stops it: functions, symbols, class instances and the like are no data. */
export function admit(frame: Frame, value: unknown): Value {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? value : fail(frame, 'an integer of the data is beyond 64 bits');
    case 'object':
      if (value === null || isList(value) || isPlainObject(value)) return value;
      if (isBytes(value) || value instanceof Timestamp || value instanceof Duration) return value;
      return fail(frame, 'the value read is not JSON');
    default:
      return fail(frame, 'the value read is not JSON');
  }
}

/** True for a list. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** True for a double or an int. */
export function isNumeric(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Orders two numbers: below, equal to or above 0; NaN where one is not a number. An int meets a double as a double, as in CEL. */
export function compareNumbers(left: number | bigint, right: number | bigint): number {
  if (typeof left === typeof right) return left < right ? -1 : left > right ? 1 : left >= right ? 0 : Number.NaN;
  return compareNumbers(Number(left), Number(right));
}

/** True for bytes. */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

/** The kind of an admitted value. */
export function kindOf(value: Value): Kind {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'double';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    default:
      return kindOfObject(value);
  }
}

function kindOfObject(value: object | null): Kind {
  if (value === null) return 'null';
  if (isList(value)) return 'list';
  if (isBytes(value)) return 'bytes';
  if (value instanceof Timestamp) return 'timestamp';
  return value instanceof Duration ? 'duration' : 'map';
}

/** True for a map, among admitted values. */
export function isMap(value: Value): value is MapValue {
  return typeof value === 'object' && kindOfObject(value) === 'map';
}
