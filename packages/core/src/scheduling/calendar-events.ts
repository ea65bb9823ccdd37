import ICAL from 'ical.js';
import { type DayNumber, type WrittenTime, writtenTime } from './calendar-day.ts';
import { unreadable } from './calendar-fault.ts';
import { calendarLines } from './calendar-lines.ts';
import { type ReadZones, readZones } from './calendar-zones.ts';
import { recurrenceFault } from './recurrence-fault.ts';

/** A rule of recurrence that {@link recurrenceFault} finds no fault with, and its last time; `null` where it has none. */
export interface CalendarRule {
  readonly recur: ICAL.Recur;
  readonly until: WrittenTime | null;
}

/** One event of a calendar, as it is written there. */
export interface CalendarEvent {
  readonly uid: string;
  readonly start: WrittenTime;
  /** Days that one occurrence touches; 0 for one that ends before it begins. */
  readonly length: number;
  readonly rules: readonly CalendarRule[];
  /** Days on which it is besides. */
  readonly added: readonly DayNumber[];
  /** Days on which it is not. */
  readonly excluded: ReadonlySet<DayNumber>;
  /** The day whose occurrence it stands for; `null` for one that stands for itself. */
  readonly insteadOf: DayNumber | null;
  readonly isCancelled: boolean;
}

/** Most events of a calendar, and most rules of one. */
const most = { events: 5_000, rules: 10 } as const;

/** Longest event, days; one that goes on for longer is cut. */
export const longestEvent = 400;

const secondsOfDay = 86_400;

/** The events of an iCalendar text. Throws `invalid_argument` for what is none and for what is not followed. */
export function calendarEvents(text: string): readonly CalendarEvent[] {
  const zones = readZones();
  const components = componentsOf(calendarLines(text));
  if (components.length > most.events) throw unreadable(`it has more than ${most.events} events`);
  return components.map((component) => eventOf(component, zones));
}

function componentsOf(lines: string): readonly ICAL.Component[] {
  let parsed: unknown;
  try {
    parsed = ICAL.parse(lines);
  } catch {
    throw unreadable('it cannot be parsed');
  }
  if (Array.isArray(parsed) && parsed[0] === 'vcalendar') return new ICAL.Component(parsed).getAllSubcomponents('vevent');
  throw unreadable('it is no VCALENDAR');
}

function eventOf(component: ICAL.Component, zones: ReadZones): CalendarEvent {
  const [start] = timesOf(component, 'dtstart', zones);
  if (start === undefined) throw unreadable('an event does not say when it begins');
  if (component.hasProperty('exrule')) throw unreadable('an event has an EXRULE, which is not read; name the dates with EXDATE');
  const [insteadOf] = timesOf(component, 'recurrence-id', zones);
  if (component.getFirstProperty('recurrence-id')?.getFirstParameter('range'))
    throw unreadable('an event was moved with all that follow it, which is not followed');
  return {
    uid: textOf(component, 'uid'),
    start,
    length: lengthOf(component, start, zones),
    rules: rulesOf(component, zones),
    added: timesOf(component, 'rdate', zones).map(({ day }) => day),
    excluded: new Set(timesOf(component, 'exdate', zones).map(({ day }) => day)),
    insteadOf: insteadOf?.day ?? null,
    isCancelled: textOf(component, 'status').toUpperCase() === 'CANCELLED',
  };
}

function textOf(component: ICAL.Component, name: string): string {
  const value: unknown = component.getFirstPropertyValue(name);
  return typeof value === 'string' ? value : '';
}

function rulesOf(component: ICAL.Component, zones: ReadZones): readonly CalendarRule[] {
  const properties = component.getAllProperties('rrule');
  if (properties.length > most.rules) throw unreadable(`an event has more than ${most.rules} rules of recurrence`);
  return properties.map((property) => {
    const recur: unknown = valuesOf(property)[0];
    const fault = recurrenceFault(recur);
    if (fault !== undefined || !(recur instanceof ICAL.Recur)) throw unreadable(fault ?? 'an event has a rule of recurrence that is none');
    return { recur, until: recur.until ? timeOf(component, { name: 'until', value: recur.until }, zones) : null };
  });
}

function timesOf(component: ICAL.Component, name: string, zones: ReadZones): readonly WrittenTime[] {
  return component
    .getAllProperties(name)
    .flatMap((property) => valuesOf(property).map((value) => timeOf(component, { name, value }, zones)));
}

/** A time on the wall of the zone in which the event begins: services write what belongs to it in UTC as well. */
function timeOf(
  component: ICAL.Component,
  { name, value }: { readonly name: string; readonly value: unknown },
  zones: ReadZones,
): WrittenTime {
  const time = value instanceof ICAL.Period ? value.start : value;
  const written = time instanceof ICAL.Time ? writtenTime(time) : null;
  if (written === null || !(time instanceof ICAL.Time)) throw unreadable(`the ${name.toUpperCase()} of an event is no time`);
  const zone = component.getFirstProperty('dtstart')?.getFirstParameter('tzid');
  return time.zone === ICAL.Timezone.utcTimezone ? zones.onWall(written, zone) : written;
}

function valuesOf(property: ICAL.Property): readonly unknown[] {
  try {
    return property.getValues();
  } catch {
    throw unreadable(`the ${property.name.toUpperCase()} of an event cannot be read`);
  }
}

/** The end of an event is the first moment after it. */
function lengthOf(component: ICAL.Component, start: WrittenTime, zones: ReadZones): number {
  const [end] = timesOf(component, 'dtend', zones);
  const duration: unknown = component.hasProperty('duration') ? component.getFirstPropertyValue('duration') : undefined;
  if (end !== undefined) return daysUntil(start, (end.day - start.day) * secondsOfDay + end.second);
  if (duration instanceof ICAL.Duration) return daysUntil(start, start.second + duration.toSeconds());
  return 1;
}

/** Days that an event touches which ends so many seconds after the beginning of its first day. */
function daysUntil(start: WrittenTime, end: number): number {
  if (end <= start.second) return end === start.second ? 1 : 0;
  return Math.min(longestEvent, Math.ceil(end / secondsOfDay));
}
