import { Cron } from 'croner';
import type { ScheduleRule } from '../automation/automation-definition.ts';
import { type LocalTime, localTimes } from './local-times.ts';

/** The times of a cron expression, on the clock on the wall of its zone. Pure: the same rule has the same times everywhere. */
export interface CronTimes {
  /** The first time after this one, milliseconds since 1970; `null` where there is none. */
  next(after: number): number | null;
  /** The first moment of the next day. */
  nextDay(after: number): number;
  /** The day and time on the wall. */
  local(at: number): LocalTime;
}

/** The zone where none is named. */
export const usualZone = 'UTC';

/** The times of a rule that has been checked. */
export function cronTimes({ cron, timezone = usualZone }: Pick<ScheduleRule, 'cron' | 'timezone'>): CronTimes {
  // As in Vixie's cron, a list of hours is times of the day: none is left out by a gap, and none comes twice.
  const options = { timezone, paused: true, mode: '5-part', fixedTimeRule: 'no-wildcard' } as const;
  const times = new Cron(cron, options);
  const days = new Cron('0 0 * * *', options);
  const next = (of: Cron, after: number): number | null => of.nextRun(new Date(after))?.getTime() ?? null;
  return {
    next: (after) => next(times, after),
    // No zone goes without midnights for long.
    nextDay: (after) => next(days, after) ?? after + 86_400_000,
    local: localTimes(timezone),
  };
}

/** A time that every expression has one after, unless it has none at all: any will do. */
const anyTime = Date.UTC(2_026, 0, 1);

/** What is wrong with a rule's times, with its place; `undefined` where nothing is. */
export function cronFault({ cron, timezone = usualZone }: Pick<ScheduleRule, 'cron' | 'timezone'>): string | undefined {
  if (!isZone(timezone)) return `timezone: ${timezone} is no time zone; name one such as Europe/Berlin`;
  // It stands for the moment at which the expression is read, so that every process would read another one.
  if (cron.trim().split(/\s+/).length !== 5 || cron.includes('?'))
    return 'cron: must be five parts: minute, hour, day of the month, month, day of the week';
  try {
    if (cronTimes({ cron, timezone }).next(anyTime) === null) return `cron: ${cron} never comes`;
  } catch (error) {
    return `cron: ${(error instanceof Error ? error.message : '').replace(/^CronPattern: /, '')}`;
  }
  return undefined;
}

function isZone(timeZone: string): boolean {
  try {
    localTimes(timeZone);
    return true;
  } catch {
    return false;
  }
}
