import { type Frame, fail } from './frame.ts';
import { readPath } from './read-path.ts';
import { parseTimestamp, type Timestamp, timestampOf } from './timestamp.ts';

/**
 * The `now` of an evaluation: what the scope holds by that name (milliseconds, a Date or RFC 3339), or else the time of its event. It is
 * data like any other, so that the same event gives the same answer whenever it is asked.
 */
export function momentOf(frame: Frame): Timestamp {
  const { scope } = frame;
  const value = Object.hasOwn(scope, 'now') ? scope['now'] : readPath(scope, ['event', 'time']);
  if (typeof value === 'string') return parseTimestamp(value) ?? fail(frame, '"now" is not RFC 3339');
  const milliseconds = value instanceof Date ? value.getTime() : value;
  if (typeof milliseconds !== 'number' || !Number.isFinite(milliseconds)) return fail(frame, 'there is no "now" here');
  return timestampOf(BigInt(Math.trunc(milliseconds)) * 1_000_000n) ?? fail(frame, '"now" is outside the years 1 to 9999');
}
