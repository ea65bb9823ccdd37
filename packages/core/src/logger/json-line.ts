import type { LogFields } from './logger.ts';

// C0 and C1 controls, line and paragraph separators, and bidirectional marks would let a value forge or hide a log line.
const unsafe = /[\u007f-\u009f\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** One log record as a single line of JSON; control and bidirectional characters are escaped. No field takes the place of level or message. */
export function jsonLine(level: string, message: string, fields: LogFields = {}): string {
  return JSON.stringify(Object.assign({ level, message }, fields, { level, message })).replace(
    unsafe,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
