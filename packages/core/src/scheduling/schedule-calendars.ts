import type { CalendarSource, ScheduleRule } from '../automation/automation-definition.ts';
import type { CalendarFeeds } from './calendar-feeds.ts';
import type { CronTimes } from './cron-times.ts';
import { readCalendar } from './read-calendar.ts';

/** A calendar of the host's: days, an iCalendar text, or the address of a feed. */
export type NamedCalendar = Exclude<CalendarSource, { readonly calendar: string }>;

/** Calendars of the host's by name. */
export type NamedCalendars = ReadonlyMap<string, NamedCalendar>;

/** What finding the days of calendars needs. */
export interface CalendarParts {
  readonly feeds: Pick<CalendarFeeds, 'daysOf'>;
  readonly named: NamedCalendars;
}

/** Which times of a schedule count; or why nobody can tell. */
export type WantedDays =
  | { readonly isWanted: (tick: number) => boolean; readonly failing: string | null }
  | { readonly waitsFor: string; readonly failing: string | null };

/** A schedule whose days are asked for. */
export interface Wanted {
  readonly tenant: string;
  readonly rule: ScheduleRule;
  readonly times: CronTimes;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The earliest time that is looked at. @default now */
  readonly since?: number;
}

/** Finds out on which days a schedule fires. A calendar that cannot be read is not guessed: the schedule waits for it. */
export async function wantedDays(parts: CalendarParts, { tenant, rule, times, now, since = now }: Wanted): Promise<WantedDays> {
  let failing: string | null = null;
  const daysOf = async (sources: readonly CalendarSource[] | undefined): Promise<ReadonlySet<string> | string | null> => {
    if (sources === undefined) return null;
    const days = new Set<string>();
    for (const source of sources) {
      const found = await sourceDays(parts, { tenant, source, now, since });
      if (found.hasFailedNow) failing = found.fault;
      if (found.days === null) return found.fault ?? 'a calendar has not been read';
      for (const day of found.days) days.add(day);
    }
    return days;
  };
  const only = await daysOf(rule.only);
  const except = await daysOf(rule.except);
  if (typeof only === 'string') return { waitsFor: only, failing };
  if (typeof except === 'string') return { waitsFor: except, failing };
  return {
    failing,
    isWanted(tick) {
      const { day, weekday } = times.local(tick);
      const isWorkday = weekday > 0 && weekday < 6;
      return (rule.days !== 'business' || isWorkday) && (only === null || only.has(day)) && (except === null || !except.has(day));
    },
  };
}

interface SourceDays {
  readonly days: readonly string[] | null;
  readonly fault: string | null;
  readonly hasFailedNow: boolean;
}

async function sourceDays(
  { feeds, named }: CalendarParts,
  { tenant, source, now, since }: Required<Pick<Wanted, 'tenant' | 'now' | 'since'>> & { readonly source: CalendarSource },
): Promise<SourceDays> {
  const known = 'calendar' in source ? named.get(source.calendar) : source;
  if (known === undefined) {
    const name = 'calendar' in source ? source.calendar : '';
    return {
      days: null,
      fault: `this hub has no calendar ${name}; name it in createHub({ schedules: { calendars } })`,
      hasFailedNow: false,
    };
  }
  if ('dates' in known) return { days: known.dates, fault: null, hasFailedNow: false };
  // It was read when it was put.
  if ('ics' in known) return { days: readCalendar(known.ics, now, since), fault: null, hasFailedNow: false };
  const { days, fault, hasFailedNow } = await feeds.daysOf(tenant, known.url, { now, since });
  return { days, fault: fault && `a calendar feed cannot be read: ${fault.message}`, hasFailedNow };
}
