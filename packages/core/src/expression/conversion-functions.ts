import { checkedInt } from './arithmetic.ts';
import type { CelFunction } from './cel-function.ts';
import { Duration, formatDuration, parseDuration } from './duration.ts';
import { formatDouble } from './format-number.ts';
import { type Frame, fail, spendBytes, spendScan, spendSteps, spendText } from './frame.ts';
import { formatTimestamp, parseTimestamp, Timestamp, timestampOf } from './timestamp.ts';
import { isBytes, kindOf, type Value } from './value.ts';

/** Functions that turn a value of one kind into another: `string(x)`, `int(x)` and so on. A value that does not convert is a fault. */
export const conversionFunctions: readonly CelFunction[] = [
  conversion('string', toText),
  conversion('int', toInt),
  conversion('double', toDouble),
  conversion('bool', toBool),
  conversion('bytes', toBytes),
  conversion('timestamp', toTimestamp),
  conversion('duration', toDuration),
  conversion('dyn', (_frame, value) => value),
];

function conversion(name: string, convert: (frame: Frame, value: Value) => Value): CelFunction {
  return { name, style: 'global', arity: [1, 1], run: (frame, [value]) => convert(frame, value ?? null) };
}

function toText(frame: Frame, value: Value): Value {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value.toString();
  if (typeof value === 'number' || typeof value === 'bigint') return numberText(frame, value);
  if (value instanceof Timestamp || value instanceof Duration) return timeText(frame, value);
  if (!isBytes(value)) return cannot(frame, value, 'a string');
  spendText(frame, value.length);
  const text = Buffer.from(value).toString('utf8');
  return text.includes('\ufffd') ? fail(frame, 'the bytes are not UTF-8') : text;
}

function numberText(frame: Frame, value: number | bigint): string {
  spendSteps(frame, 2);
  spendText(frame, 24);
  return typeof value === 'number' ? formatDouble(value) : value.toString();
}

function timeText(frame: Frame, value: Timestamp | Duration): string {
  spendSteps(frame, 10);
  spendText(frame, 32);
  return value instanceof Timestamp ? formatTimestamp(value) : formatDuration(value);
}

function toInt(frame: Frame, value: Value): Value {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') {
    return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : fail(frame, 'the double is beyond 64 bits');
  }
  if (typeof value === 'string') {
    return /^[+-]?\d{1,19}$/.test(value) ? checkedInt(frame, BigInt(value)) : fail(frame, 'the text is no integer');
  }
  return value instanceof Timestamp ? floorSeconds(value.nanoseconds) : cannot(frame, value, 'an int');
}

function floorSeconds(nanoseconds: bigint): bigint {
  const seconds = nanoseconds / 1_000_000_000n;
  return nanoseconds % 1_000_000_000n < 0n ? seconds - 1n : seconds;
}

function toDouble(frame: Frame, value: Value): Value {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return cannot(frame, value, 'a double');
  const isNumber = value.length <= 64 && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value);
  return isNumber ? Number(value) : fail(frame, 'the text is no number');
}

const trueTexts: ReadonlySet<string> = new Set(['true', 'True', 'TRUE', 't', '1']);
const falseTexts: ReadonlySet<string> = new Set(['false', 'False', 'FALSE', 'f', '0']);

function toBool(frame: Frame, value: Value): Value {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return cannot(frame, value, 'a bool');
  if (trueTexts.has(value)) return true;
  return falseTexts.has(value) ? false : fail(frame, 'the text is neither "true" nor "false"');
}

function toBytes(frame: Frame, value: Value): Value {
  if (isBytes(value)) return value;
  if (typeof value !== 'string') return cannot(frame, value, 'bytes');
  spendBytes(frame, value.length * 3 + 64);
  spendScan(frame, value.length);
  return new Uint8Array(Buffer.from(value, 'utf8'));
}

function toTimestamp(frame: Frame, value: Value): Value {
  if (value instanceof Timestamp) return value;
  spendSteps(frame, 20);
  if (typeof value === 'string') return parseTimestamp(value) ?? fail(frame, 'the text is no RFC 3339 timestamp');
  const seconds = typeof value === 'number' && Number.isFinite(value) ? BigInt(Math.round(value * 1_000)) * 1_000_000n : undefined;
  const nanoseconds = typeof value === 'bigint' ? value * 1_000_000_000n : seconds;
  if (nanoseconds === undefined) return cannot(frame, value, 'a timestamp');
  return timestampOf(nanoseconds) ?? fail(frame, 'the timestamp is outside the years 1 to 9999');
}

function toDuration(frame: Frame, value: Value): Value {
  if (value instanceof Duration) return value;
  if (typeof value !== 'string') return cannot(frame, value, 'a duration');
  spendSteps(frame, 40);
  return parseDuration(value) ?? fail(frame, 'the text is no duration such as "1h30m"');
}

function cannot(frame: Frame, value: Value, target: string): never {
  return fail(frame, `cannot turn ${kindOf(value)} into ${target}`);
}
