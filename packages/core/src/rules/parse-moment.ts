import { parseTimestamp, type Timestamp } from '../expression/timestamp.ts';

/** A timestamp of RFC 3339, also with the offset that some services write without its colon (`+0000`), or a date, which is its midnight in UTC. */
export function parseMoment(text: string): Timestamp | undefined {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return parseTimestamp(`${text}T00:00:00Z`);
  return parseTimestamp(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
}
