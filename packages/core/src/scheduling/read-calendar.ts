import ICAL from 'ical.js';
import { dayMs, dayOf } from '../clock/day-of.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { recurrenceFault } from './recurrence-fault.ts';

/** Longest text of a calendar that is read, characters. */
export const longestCalendar = 1_048_576;

/** Days around now of which a calendar is read: what is further off is read when it has come nearer. */
const daysBefore = 40;
const daysAfter = 400;

/** Most events, occurrences looked at and days of one calendar. */
const most = { events: 5_000, occurrences: 50_000, days: 2_000 };

/** Longest event, days; one that goes on for longer is cut. */
const longestEvent = 400;

/**
 * The days that the events of an iCalendar text touch, as they are written in it: an event from 22:00 to 01:00 touches two, whatever the zone it is
 * written in. Throws `invalid_argument` for what is no calendar and for one that is out of bounds.
 */
export function readCalendar(text: string, now: number): readonly string[] {
  if (text.length > longestCalendar) throw unreadable(`it is longer than ${longestCalendar} characters`);
  const from = dayOf(now - daysBefore * dayMs);
  const to = dayOf(now + daysAfter * dayMs);
  const days = new Set<string>();
  let looked = 0;
  for (const event of eventsOf(text)) {
    for (const occurrence of occurrencesOf(event, to)) {
      looked += 1;
      if (looked > most.occurrences) throw unreadable(`its events recur more than ${most.occurrences} times until ${to}`);
      for (const day of daysOf(occurrence)) if (day >= from && day <= to) days.add(day);
      if (days.size > most.days) throw unreadable(`it has more than ${most.days} days between ${from} and ${to}`);
    }
  }
  return [...days].sort();
}

function eventsOf(text: string): readonly ICAL.Event[] {
  try {
    const parsed: unknown = ICAL.parse(text);
    if (!Array.isArray(parsed) || parsed[0] !== 'vcalendar') throw unreadable('it is no VCALENDAR');
    const components = new ICAL.Component(parsed).getAllSubcomponents('vevent');
    if (components.length > most.events) throw unreadable(`it has more than ${most.events} events`);
    // What is changed of one occurrence is found by the event that recurs.
    return components
      .filter((component) => !component.hasProperty('recurrence-id') && component.getFirstPropertyValue('status') !== 'CANCELLED')
      .map((component) => eventOf(component));
  } catch (error) {
    throw error instanceof PatchbayError ? error : unreadable('it cannot be parsed');
  }
}

function eventOf(component: ICAL.Component): ICAL.Event {
  for (const property of component.getAllProperties('rrule')) {
    const fault = recurrenceFault(property.getFirstValue());
    if (fault !== undefined) throw unreadable(fault);
  }
  if (component.hasProperty('exrule')) throw unreadable('an event has an EXRULE, which is not read; name the dates with EXDATE');
  return new ICAL.Event(component);
}

/** First and last day of each occurrence that begins by a day. */
function* occurrencesOf(event: ICAL.Event, to: string): Generator<readonly [first: string, last: string]> {
  try {
    const each = event.iterator();
    for (let next = each.next(); next; next = each.next()) {
      const { startDate, endDate } = event.getOccurrenceDetails(next);
      if (written(next) > to) return;
      yield [written(startDate), lastDay(startDate, endDate)];
    }
  } catch (error) {
    throw error instanceof PatchbayError ? error : unreadable('the recurrence of an event cannot be followed');
  }
}

/** The end of an event is the first moment after it. */
function lastDay(start: ICAL.Time, end: ICAL.Time): string {
  const isMidnight = end.isDate || (end.hour === 0 && end.minute === 0 && end.second === 0);
  const last = written(end);
  return last > written(start) && isMidnight ? dayOf(Date.parse(`${last}T00:00:00Z`) - dayMs) : last;
}

const written = ({ year, month, day }: ICAL.Time): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

function* daysOf([first, last]: readonly [first: string, last: string]): Generator<string> {
  let at = Date.parse(`${first}T00:00:00Z`);
  for (let count = 0; count < longestEvent && dayOf(at) <= last; count += 1, at += dayMs) yield dayOf(at);
}

function unreadable(fault: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message: `The calendar cannot be read: ${fault}. Correct it.` });
}
