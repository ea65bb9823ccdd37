import type { Json } from '../json/json.ts';
import { Duration, formatDuration } from './duration.ts';
import { intToNumber } from './format-number.ts';
import { type Frame, fail, spendBytes, spendItems, spendSteps, spendText } from './frame.ts';
import { memberNames } from './member-names.ts';
import { formatTimestamp, Timestamp } from './timestamp.ts';
import { admit, isBytes, isList, type Value } from './value.ts';

/**
 * What leaves an evaluation: a copy, JSON throughout. Ints become numbers (beyond 2^53 they are a fault), timestamps RFC 3339, durations
 * seconds with `s`, bytes base64; NaN and infinity are faults; members of forbidden names stay behind. Text, names and places are paid for.
 */
export function toJson(frame: Frame, value: Value, depth = frame.depth): Json {
  if (typeof value === 'string') {
    // It is the same string still, but whatever becomes of it is written out each time.
    spendText(frame, value.length);
    return value;
  }
  if (typeof value === 'boolean' || value === null) return value;
  // -0 has no JSON of its own: adding 0 makes it 0.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : fail(frame, 'infinity and NaN are no JSON');
  if (typeof value === 'bigint') return intToNumber(frame, value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (isBytes(value)) return encodeBytes(frame, value);
  if (depth === 0) return fail(frame, 'the data is nested too deeply');
  if (isList(value)) {
    spendItems(frame, value.length);
    spendSteps(frame, 1 + (value.length >>> 1));
    return value.map((item) => toJson(frame, admit(frame, item), depth - 1));
  }
  const copy: Record<string, Json> = {};
  const names = memberNames(frame, value);
  spendBytes(frame, 64 + names.length * (names.length > 100 ? 96 : 32));
  for (const name of names) {
    // An own member that is undefined is no JSON; JSON.stringify would leave it out as well.
    if (value[name] === undefined) continue;
    spendBytes(frame, name.length * 2);
    copy[name] = toJson(frame, admit(frame, value[name]), depth - 1);
  }
  return copy;
}

/** Base64 with padding. */
export function encodeBytes(frame: Frame, bytes: Uint8Array): string {
  // Four characters for three bytes.
  spendBytes(frame, bytes.length * 3 + 64);
  return Buffer.from(bytes).toString('base64');
}
