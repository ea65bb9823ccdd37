import { dayMs, dayOf } from '../clock/day-of.ts';
import type { DayNumber } from './calendar-day.ts';
import { type CalendarEvent, calendarEvents, longestEvent } from './calendar-events.ts';
import { unreadable } from './calendar-fault.ts';
import { recurringDays } from './recurring-days.ts';

/** Longest text of a calendar that is read, characters. */
export const longestCalendar = 1_048_576;

/** Days around now of which a calendar is read: what is further off is read when it has come nearer. */
const daysBefore = 40;
const daysAfter = 400;

/** Most occurrences looked at and days of one calendar in such a time, and most of these times. */
const most = { occurrences: 50_000, days: 2_000, spans: 8 };

/** The first moment of which a calendar says something that is read now, for who looks back to `since`. */
export const readFrom = (now: number, since: number): number => now - (1 + spansBefore(now, since)) * spanMs + daysAfter * dayMs;

const spanMs = (daysBefore + daysAfter) * dayMs;

/** Whole spans that are read before the one around now. */
function spansBefore(now: number, since: number): number {
  // Two days less: a day begins elsewhere earlier, and a part of one counts.
  const beyond = now - since - (daysBefore - 2) * dayMs;
  return Math.min(most.spans - 1, Math.max(0, Math.ceil(beyond / spanMs)));
}

/**
 * The days that the events of an iCalendar text touch, as they are written in it: an event from 22:00 to 01:00 touches two, whatever the zone it is
 * written in. Read from `since` on, where that is long ago. Throws `invalid_argument` for what is no calendar and for one that is out of bounds.
 */
export function readCalendar(text: string, now: number, since: number = now): readonly string[] {
  if (text.length > longestCalendar) throw unreadable(`it is longer than ${longestCalendar} characters`);
  const events = calendarEvents(text);
  const days = new Set<DayNumber>();
  for (let spans = spansBefore(now, since); spans >= 0; spans -= 1)
    for (const day of daysAround(events, now - spans * spanMs)) days.add(day);
  return [...days].sort((left, right) => left - right).map((day) => dayOf(day * dayMs));
}

/** The days that events touch, around one time. */
function daysAround(events: readonly CalendarEvent[], now: number): ReadonlySet<DayNumber> {
  const from = Math.floor(now / dayMs) - daysBefore;
  const to = Math.floor(now / dayMs) + daysAfter;
  const days = new Set<DayNumber>();
  let looked = 0;
  const look = (): void => {
    looked += 1;
    if (looked > most.occurrences) throw unreadable(`its events recur more than ${most.occurrences} times until ${dayOf(to * dayMs)}`);
  };
  const movedDays = movedOf(events);
  for (const event of events) {
    const moved = event.insteadOf === null ? movedDays.get(event.uid) : undefined;
    for (const first of firstDays(event, { from: from - longestEvent, to, look })) {
      if (event.excluded.has(first) || moved?.has(first)) continue;
      const last = Math.min(first + event.length - 1, to);
      for (let day = Math.max(first, from); day <= last; day += 1) days.add(day);
    }
  }
  if (days.size > most.days) throw unreadable(`it has more than ${most.days} days`);
  return days;
}

/** By event, the days whose occurrence another event stands for. */
function movedOf(events: readonly CalendarEvent[]): ReadonlyMap<string, ReadonlySet<DayNumber>> {
  const moved = new Map<string, Set<DayNumber>>();
  for (const { uid, insteadOf } of events) {
    if (insteadOf === null) continue;
    const days = moved.get(uid) ?? new Set();
    moved.set(uid, days.add(insteadOf));
  }
  return moved;
}

interface Window {
  readonly from: DayNumber;
  readonly to: DayNumber;
  readonly look: () => void;
}

/** The days on which the occurrences of an event begin. */
function* firstDays({ start, rules, added, isCancelled }: CalendarEvent, { from, to, look }: Window): Generator<DayNumber> {
  if (isCancelled) return;
  if (rules.length === 0) yield start.day;
  for (const { recur, until } of rules) yield* recurringDays(recur, { start, until, from, to, look });
  for (const day of added) {
    look();
    yield day;
  }
}
