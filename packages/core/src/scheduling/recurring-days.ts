import type ICAL from 'ical.js';
import { type DayNumber, dateOf, dayNumber, type WrittenTime, weekdayOf } from './calendar-day.ts';

/** A weekday of a rule: every one, or the first (1), the last (-1) and so on. */
interface RuleWeekday {
  readonly ordinal: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

/** A rule that has been checked, read. */
interface Rule {
  readonly freq: string;
  readonly interval: number;
  readonly count: number | null;
  readonly weekdays: readonly RuleWeekday[];
  readonly monthDays: readonly number[];
  readonly months: readonly number[];
  /** The day on which a week begins. */
  readonly weekStart: number;
}

/** Where a rule is looked at. */
export interface RecurringAt {
  readonly start: WrittenTime;
  /** Its last time; `null` where it has none. */
  readonly until: WrittenTime | null;
  /** Days before it are nobody's business: a rule without a count is taken up there. */
  readonly from: DayNumber;
  readonly to: DayNumber;
  /** Called for each period and each day that is looked at. */
  readonly look: () => void;
}

/**
 * The days on which a rule recurs that {@link recurrenceFault} finds no fault with, up to `to`, in their order. A day that a month does not have is left out, as the
 * standard says. Each period takes a bounded number of looks, so that it ends whatever the rule.
 */
export function* recurringDays(recur: ICAL.Recur, { start, until, from, to, look }: RecurringAt): Generator<DayNumber> {
  const rule = readRule(recur);
  const { count } = rule;
  const last = until === null ? to : Math.min(to, lastDayBy(until, start));
  let left = count ?? Number.POSITIVE_INFINITY;
  for (let period = count === null ? periodBefore(rule, start.day, from) : 0; left > 0; period += 1) {
    look();
    if (firstDayOf(rule, start.day, period) > last) return;
    for (const day of daysOfPeriod(rule, start.day, period)) {
      look();
      if (day < start.day) continue;
      if (day > last || left <= 0) return;
      left -= 1;
      yield day;
    }
  }
}

const weekdayNames = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;

function readRule(recur: ICAL.Recur): Rule {
  const { freq, interval, count, parts } = recur;
  const numbers = (values: readonly (string | number)[] | undefined): readonly number[] => [...new Set((values ?? []).map(Number))];
  const weekdays = [...new Set((parts.BYDAY ?? []).map(String))].map((text): RuleWeekday => {
    return { ordinal: Number.parseInt(text, 10) || 0, weekday: weekdayNames.findIndex((name) => text.endsWith(name)) };
  });
  return {
    ...{ freq, interval, weekdays, monthDays: numbers(parts.BYMONTHDAY), months: numbers(parts.BYMONTH) },
    count: count ?? null,
    // The parser counts from 1, which is Sunday.
    weekStart: recur.wkst - 1,
  };
}

/** An occurrence that begins after the hour of `until` is none any more. */
function lastDayBy(until: WrittenTime, start: WrittenTime): DayNumber {
  return !until.isDay && !start.isDay && start.second > until.second ? until.day - 1 : until.day;
}

/** A period that ends before `from`, so that none is passed over. */
function periodBefore({ freq, interval }: Rule, start: DayNumber, from: DayNumber): number {
  const longest = { DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366 }[freq] ?? 1;
  return Math.max(0, Math.floor((from - start) / (longest * interval)) - 1);
}

function firstDayOf({ freq, interval, weekStart }: Rule, start: DayNumber, period: number): DayNumber {
  const step = period * interval;
  if (freq === 'DAILY') return start + step;
  if (freq === 'WEEKLY') return start - ((weekdayOf(start) - weekStart + 7) % 7) + 7 * step;
  const { year, month } = dateOf(start);
  return freq === 'MONTHLY' ? dayNumber(year, month + step, 1) : dayNumber(year + step, 1, 1);
}

function daysOfPeriod(rule: Rule, start: DayNumber, period: number): readonly DayNumber[] {
  const { freq, weekdays, monthDays, months, weekStart } = rule;
  const first = firstDayOf(rule, start, period);
  if (freq === 'DAILY') return [first];
  if (freq === 'WEEKLY') {
    const named = weekdays.length > 0 ? weekdays.map(({ weekday }) => weekday) : [weekdayOf(start)];
    return sorted(named.map((weekday) => first + ((weekday - weekStart + 7) % 7)));
  }
  const { year, month } = dateOf(first);
  const begun = dateOf(start);
  if (freq === 'MONTHLY') return daysOfMonth(year, month, rule, begun.day);
  if (months.length === 0 && weekdays.length > 0) return sorted(weekdaysWithin(first, dayNumber(year + 1, 1, 1), weekdays));
  const all = monthDays.length > 0 ? everyMonth : [begun.month];
  return sorted((months.length > 0 ? months : all).flatMap((each) => daysOfMonth(year, each, rule, begun.day)));
}

const everyMonth: readonly number[] = Array.from({ length: 12 }, (_, index) => index + 1);

function daysOfMonth(year: number, month: number, { weekdays, monthDays }: Rule, usual: number): readonly DayNumber[] {
  const first = dayNumber(year, month, 1);
  const end = dayNumber(year, month + 1, 1);
  if (weekdays.length > 0) return sorted(weekdaysWithin(first, end, weekdays));
  const named = monthDays.length > 0 ? monthDays : [usual];
  const days = named.map((day) => (day > 0 ? first + day - 1 : end + day));
  return sorted(days.filter((day) => day >= first && day < end));
}

/** The weekdays of a month or a year, from its first day to before `end`. */
function weekdaysWithin(first: DayNumber, end: DayNumber, weekdays: readonly RuleWeekday[]): readonly DayNumber[] {
  return weekdays.flatMap(({ ordinal, weekday }) => {
    const days: DayNumber[] = [];
    for (let day = first + ((weekday - weekdayOf(first) + 7) % 7); day < end; day += 7) days.push(day);
    if (ordinal === 0) return days;
    return days.slice(ordinal > 0 ? ordinal - 1 : ordinal, ordinal > 0 ? ordinal : ordinal + 1 || undefined);
  });
}

function sorted(days: readonly DayNumber[]): readonly DayNumber[] {
  return [...new Set(days)].sort((left, right) => left - right);
}
