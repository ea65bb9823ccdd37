import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { dayOf } from '../clock/day-of.ts';
import { dayNumber, type WrittenTime, writtenTime } from './calendar-day.ts';
import { recurrenceFault } from './recurrence-fault.ts';
import { recurringDays } from './recurring-days.ts';

const to = dayNumber(2032, 1, 1);

function written(text: string): WrittenTime {
  const time = writtenTime(text.includes('T') ? ICAL.Time.fromDateTimeString(text) : ICAL.Time.fromDateString(text));
  if (time === null) throw new Error(text);
  return time;
}

/** The days of a rule, and how often it was looked. */
function daysOf(start: string, rule: string, from = 0): { readonly days: readonly string[]; readonly looks: number } {
  const recur = ICAL.Recur.fromString(rule);
  expect(recurrenceFault(recur), rule).toBeUndefined();
  let looks = 0;
  const at = { start: written(start), until: recur.until ? writtenTime(recur.until) : null, from, to, look: () => looks++ };
  const days = [...recurringDays(recur, at)].map((day) => dayOf(day * 86_400_000));
  return { days, looks };
}

function daysOfLibrary(start: string, rule: string): readonly string[] {
  const found: string[] = [];
  const each = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromDateString(start));
  for (let next = each.next(); next && next.toString() < '2032-01-02'; next = each.next()) found.push(next.toString());
  return found;
}

describe('the days of a rule', () => {
  it.each([
    ['the days that a month has', '2026-01-31', 'FREQ=MONTHLY;COUNT=4', ['2026-01-31', '2026-03-31', '2026-05-31', '2026-07-31']],
    ['the 29th of February where there is one', '2024-02-29', 'FREQ=YEARLY;COUNT=3', ['2024-02-29', '2028-02-29']],
    ['the last of each month', '2026-01-01', 'FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=-1;COUNT=3', ['2026-01-31', '2026-02-28', '2027-01-31']],
    ['that day of every month', '2026-11-01', 'FREQ=YEARLY;BYMONTHDAY=31;COUNT=3', ['2026-12-31', '2027-01-31', '2027-03-31']],
    ['the first and last of a year', '2026-11-01', 'FREQ=YEARLY;BYDAY=1MO,-1MO;COUNT=3', ['2026-12-28', '2027-01-04', '2027-12-27']],
    [
      'weeks from their first day',
      '2026-11-25',
      'FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,WE;COUNT=3',
      ['2026-11-25', '2026-12-06', '2026-12-09'],
    ],
    ['up to a day', '2026-11-25', 'FREQ=DAILY;INTERVAL=2;UNTIL=20261129', ['2026-11-25', '2026-11-27', '2026-11-29']],
    ['up to an hour of a day', '2026-11-25T10:00:00', 'FREQ=DAILY;UNTIL=20261127T090000', ['2026-11-25', '2026-11-26']],
  ])('are %s', (_what, start, rule, expected) => {
    expect(daysOf(start, rule).days).toEqual(expected);
  });

  it('are those that another reader of the standard finds', () => {
    const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');
    const ordinal = fc.tuple(fc.constantFrom('', '1', '2', '4', '-1', '-3'), weekday).map(([number, day]) => `${number}${day}`);
    const list = <T>(of: fc.Arbitrary<T>) => fc.uniqueArray(of, { minLength: 1, maxLength: 3 }).map((values) => values.join(','));
    const part = fc.oneof(
      fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY', 'FREQ=MONTHLY', 'FREQ=YEARLY'),
      list(weekday).map((days) => `FREQ=WEEKLY;BYDAY=${days}`),
      list(ordinal).map((days) => `FREQ=MONTHLY;BYDAY=${days}`),
      list(fc.integer({ min: 1, max: 28 })).map((days) => `FREQ=MONTHLY;BYMONTHDAY=${days}`),
      fc
        .tuple(list(fc.integer({ min: 1, max: 12 })), fc.integer({ min: 1, max: 28 }))
        .map(([months, day]) => `FREQ=YEARLY;BYMONTH=${months};BYMONTHDAY=${day}`),
      fc.tuple(fc.integer({ min: 1, max: 12 }), ordinal).map(([month, day]) => `FREQ=YEARLY;BYMONTH=${month};BYDAY=${day}`),
    );
    const end = fc.oneof(
      fc.constant(''),
      fc.integer({ min: 1, max: 30 }).map((count) => `;COUNT=${count}`),
      fc.constant(';UNTIL=20290615'),
    );
    const start = fc
      .date({ min: new Date('2019-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
      .map((date) => `${date.toISOString().slice(0, 8)}11`);
    fc.assert(
      fc.property(start, part, fc.integer({ min: 1, max: 5 }), end, (day, rule, interval, ending) => {
        const whole = `${rule};INTERVAL=${interval}${ending}`;
        expect(daysOf(day, whole).days, `${day} ${whole}`).toEqual(daysOfLibrary(day, whole));
      }),
      { numRuns: 500 },
    );
  });

  it('are the same wherever one begins to look, and cost no more for what has passed', () => {
    const from = dayNumber(2026, 6, 1);
    for (const rule of [
      'FREQ=DAILY;INTERVAL=3',
      'FREQ=WEEKLY;INTERVAL=5;BYDAY=MO,SU',
      'FREQ=MONTHLY;INTERVAL=7;BYMONTHDAY=31',
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29',
    ]) {
      const all = daysOf('1752-02-29', rule, Number.NEGATIVE_INFINITY);
      const late = daysOf('1752-02-29', rule, from);
      const later = (days: readonly string[]) => days.filter((day) => day >= '2026-06-01');
      expect(later(late.days), rule).toEqual(later(all.days));
      expect(late.looks, rule).toBeLessThan(all.looks / 4);
    }
  });
});
