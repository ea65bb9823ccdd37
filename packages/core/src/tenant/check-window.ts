import type { EventFilter } from '../contracts/history-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { firstIdAt } from '../id/id-time.ts';

/** From when to when, milliseconds since 1970 on the store's clock. */
export interface TimeWindow {
  /** This time and later. @default the beginning */
  readonly from?: number;
  /** Before this time. @default now */
  readonly to?: number;
}

/** Latest time that a date can have, milliseconds since 1970. */
const latest = 8_640_000_000_000_000;

/**
 * How far the clock of a process may be off, milliseconds. An event's id has the time of the process that took it in, and when it was stored
 * is the store's; ids alone are in an index.
 */
const clockSkewMs = 3_600_000;

/** Throws `invalid_argument` for a window that no time can be in. */
export function checkWindow({ from, to }: TimeWindow): void {
  for (const time of [from, to]) if (time !== undefined && !isTime(time)) throw malformed();
  if (from !== undefined && to !== undefined && from >= to) throw malformed();
}

/** The events that were stored in a window; only ids of about that time are looked at. */
export function eventsWithin({ from, to }: TimeWindow): EventFilter {
  return {
    ...(from === undefined ? {} : { storedFrom: from, from: firstIdAt(from - clockSkewMs) }),
    ...(to === undefined ? {} : { storedBefore: to, below: firstIdAt(to + clockSkewMs) }),
  };
}

function isTime(time: unknown): boolean {
  return typeof time === 'number' && Number.isInteger(time) && time >= 0 && time <= latest;
}

function malformed(): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message: 'A window is from a time to a later one, each in whole milliseconds since 1970. Pass date.getTime().',
  });
}
