import type { CalendarSource, ScheduleRule } from '../automation/automation-definition.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { cronFault } from './cron-times.ts';
import { readCalendar } from './read-calendar.ts';
import type { NamedCalendars } from './schedule-calendars.ts';

/** What a schedule is checked against. */
export interface ScheduleChecks {
  readonly named: NamedCalendars;
  /** Throws where no request may go. */
  readonly checkUrl: (url: string) => void;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What keeps a schedule from firing, with its place; `undefined` where nothing does. */
export function scheduleFault(checks: ScheduleChecks, rule: ScheduleRule): string | undefined {
  const ofTimes = cronFault(rule);
  if (ofTimes !== undefined) return ofTimes;
  if (rule.catchUpLimit !== undefined && rule.catchUp !== 'all') return 'catchUpLimit: goes with catchUp "all" alone; leave it out';
  for (const list of ['only', 'except'] as const) {
    for (const [place, source] of (rule[list] ?? []).entries()) {
      const fault = sourceFault(checks, source);
      if (fault !== undefined) return `${list}.${place}.${fault}`;
    }
  }
  return undefined;
}

function sourceFault({ named, checkUrl, now }: ScheduleChecks, source: CalendarSource): string | undefined {
  if ('calendar' in source) return named.has(source.calendar) ? undefined : `calendar: this hub has no calendar ${source.calendar}`;
  if ('dates' in source) {
    const wrong = source.dates.find((day) => !isDay(day));
    return wrong === undefined ? undefined : `dates: there is no day ${wrong}`;
  }
  try {
    if ('ics' in source) readCalendar(source.ics, now);
    else checkUrl(source.url);
    return undefined;
  } catch (error) {
    if (!isPatchbayError(error)) throw error;
    return `${'ics' in source ? 'ics' : 'url'}: ${error.message}`;
  }
}

function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(day);
}
