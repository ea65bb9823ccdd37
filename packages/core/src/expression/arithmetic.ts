import { Duration, durationOf } from './duration.ts';
import { formatDouble } from './format-number.ts';
import { type Frame, fail, spendBytes, spendItems, spendText } from './frame.ts';
import { Timestamp, timestampOf } from './timestamp.ts';
import { isBytes, isList, isNumeric, kindOf, type Value } from './value.ts';

/** Computes a binary operator. Three plain parameters, not one object: it runs once a step, and an object each time costs as much again. */
export type BinaryOperation = (frame: Frame, left: Value, right: Value) => Value;

/** `+`: numbers, text (also text with a number), lists, bytes, times. */
export const add: BinaryOperation = (frame, left, right) => {
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  if (typeof left === 'bigint' && typeof right === 'bigint') return checkedInt(frame, left + right);
  if (isNumeric(left) && isNumeric(right)) return Number(left) + Number(right);
  if (typeof left === 'string' || typeof right === 'string') return concatenate(frame, left, right);
  if (isList(left) && isList(right)) {
    spendItems(frame, left.length + right.length);
    return left.concat(right);
  }
  if (isBytes(left) && isBytes(right)) {
    spendBytes(frame, left.length + right.length + 64);
    return new Uint8Array(Buffer.concat([left, right]));
  }
  return addTimes(frame, left, right);
};

const concatenate: BinaryOperation = (frame, left, right) => {
  const one = textOf(left);
  const other = textOf(right);
  if (one === undefined || other === undefined) return noOverload(frame, { verb: 'add', left, right });
  spendText(frame, one.length + other.length);
  return one + other;
};

function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatDouble(value);
  return typeof value === 'bigint' ? value.toString() : undefined;
}

const addTimes: BinaryOperation = (frame, left, right) => {
  if (left instanceof Timestamp && right instanceof Duration) return timestampAt(frame, left.nanoseconds + right.nanoseconds);
  if (left instanceof Duration && right instanceof Timestamp) return timestampAt(frame, left.nanoseconds + right.nanoseconds);
  if (left instanceof Duration && right instanceof Duration) return durationFrom(frame, left.nanoseconds + right.nanoseconds);
  return noOverload(frame, { verb: 'add', left, right });
};

/** `-`: numbers and times. */
export const subtract: BinaryOperation = (frame, left, right) => {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'bigint' && typeof right === 'bigint') return checkedInt(frame, left - right);
  if (isNumeric(left) && isNumeric(right)) return Number(left) - Number(right);
  if (left instanceof Timestamp && right instanceof Timestamp) return durationFrom(frame, left.nanoseconds - right.nanoseconds);
  if (left instanceof Timestamp && right instanceof Duration) return timestampAt(frame, left.nanoseconds - right.nanoseconds);
  if (left instanceof Duration && right instanceof Duration) return durationFrom(frame, left.nanoseconds - right.nanoseconds);
  return noOverload(frame, { verb: 'subtract', left, right });
};

/** `*` of numbers. */
export const multiply: BinaryOperation = (frame, left, right) => {
  if (typeof left === 'bigint' && typeof right === 'bigint') return checkedInt(frame, left * right);
  if (isNumeric(left) && isNumeric(right)) return Number(left) * Number(right);
  return noOverload(frame, { verb: 'multiply', left, right });
};

/** `/`: two ints divide to an int, rounded toward zero; with a double it is a division of doubles. */
export const divide: BinaryOperation = (frame, left, right) => {
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    return right === 0n ? fail(frame, 'division by zero') : checkedInt(frame, left / right);
  }
  if (isNumeric(left) && isNumeric(right)) return Number(left) / Number(right);
  return noOverload(frame, { verb: 'divide', left, right });
};

/** `%`: the remainder with the sign of the left side. Doubles are allowed, because numbers of JSON are doubles. */
export const remainder: BinaryOperation = (frame, left, right) => {
  if (!isNumeric(left) || !isNumeric(right)) return noOverload(frame, { verb: 'take the remainder of', left, right });
  if (Number(right) === 0) return fail(frame, 'remainder by zero');
  return typeof left === 'bigint' && typeof right === 'bigint' ? left % right : Number(left) % Number(right);
};

/** Unary `-`. */
export function negate(frame: Frame, value: Value): Value {
  if (typeof value === 'number') return -value;
  return typeof value === 'bigint' ? checkedInt(frame, -value) : fail(frame, `"-" needs a number, not ${kindOf(value)}`);
}

/** The int, or a fault where it is beyond 64 bits. */
export function checkedInt(frame: Frame, value: bigint): bigint {
  return BigInt.asIntN(64, value) === value ? value : fail(frame, 'the integer overflows 64 bits');
}

function timestampAt(frame: Frame, nanoseconds: bigint): Timestamp {
  return timestampOf(nanoseconds) ?? fail(frame, 'the timestamp is outside the years 1 to 9999');
}

function durationFrom(frame: Frame, nanoseconds: bigint): Duration {
  return durationOf(nanoseconds) ?? fail(frame, 'the duration is longer than 292 years');
}

function noOverload(frame: Frame, operation: { readonly verb: string; readonly left: Value; readonly right: Value }): never {
  return fail(frame, `cannot ${operation.verb} ${kindOf(operation.left)} and ${kindOf(operation.right)}`);
}
