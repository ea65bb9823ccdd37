import { PatchbayError } from './errors/patchbay-error.ts';
import { isJsonObject } from './json/is-json-object.ts';
import { readCalendar } from './scheduling/read-calendar.ts';
import type { NamedCalendar, NamedCalendars } from './scheduling/schedule-calendars.ts';

/** What schedules of all tenants can go by. */
export interface ScheduleOptions {
  /**
   * Calendars by name, for `only` and `except` of schedules: days, an iCalendar text, or the https address of a feed. Give the same ones in every process.
   * @default none
   */
  readonly calendars?: Readonly<Record<string, NamedCalendar>>;
}

/** Options of schedules with every default filled in. */
export interface ResolvedScheduleOptions {
  readonly named: NamedCalendars;
}

const nameShape = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;
const dayShape = /^\d{4}-\d{2}-\d{2}$/;

/** Fills in the defaults. Throws `invalid_argument` naming what is wrong. */
export function resolveSchedules(options: ScheduleOptions = {}, now: number): ResolvedScheduleOptions {
  const extra = Object.keys(options).find((name) => name !== 'calendars');
  if (extra !== undefined) throw invalid(`There is no option schedules.${extra.slice(0, 100)}. The one option is calendars.`);
  const named = new Map<string, NamedCalendar>();
  for (const [name, calendar] of Object.entries(options.calendars ?? {})) {
    if (!nameShape.test(name)) throw invalid('The name of a calendar is 1 to 100 letters, digits, dots, hyphens and underscores.');
    checkCalendar(name, calendar, now);
    named.set(name, calendar);
  }
  return { named };
}

function checkCalendar(name: string, given: unknown, now: number): void {
  const calendar = isJsonObject(given) ? given : {};
  const { dates, ics, url } = calendar;
  const isDays = Array.isArray(dates) && dates.every((day) => typeof day === 'string' && dayShape.test(day));
  if (Object.keys(calendar).length !== 1 || !(isDays || typeof ics === 'string' || typeof url === 'string'))
    throw invalid(`The calendar ${name} is one of { dates: ['2026-12-25'] }, { ics } and { url }. Correct it.`);
  if (typeof ics === 'string') readCalendar(ics, now);
  if (typeof url === 'string' && URL.parse(url) === null) throw invalid(`The url of the calendar ${name} is no address. Correct it.`);
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
