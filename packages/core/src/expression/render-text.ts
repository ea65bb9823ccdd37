import { Duration, formatDuration } from './duration.ts';
import { formatDouble } from './format-number.ts';
import { type Frame, fail, spendText } from './frame.ts';
import { formatTimestamp, Timestamp } from './timestamp.ts';
import { encodeBytes, toJson } from './to-json.ts';
import { isBytes, type Value } from './value.ts';

/** A value as part of a text: null is nothing, lists and maps are JSON, timestamps RFC 3339, bytes base64. Paid for by its length. */
export function renderText(frame: Frame, value: Value): string {
  const text = textOf(frame, value);
  spendText(frame, text.length);
  return text;
}

function textOf(frame: Frame, value: Value): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value === 'boolean' || typeof value === 'bigint') return value.toString();
  if (typeof value === 'number')
    return Number.isFinite(value) ? formatDouble(value) : fail(frame, 'infinity and NaN have no place in a text');
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  return isBytes(value) ? encodeBytes(frame, value) : JSON.stringify(toJson(frame, value));
}
