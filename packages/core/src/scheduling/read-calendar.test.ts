import { describe, expect, it } from 'vitest';
import { readCalendar } from './read-calendar.ts';

const now = Date.parse('2026-11-22T00:00Z');

const calendar = (...events: readonly (readonly string[])[]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:test',
    ...events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']),
    'END:VCALENDAR',
  ].join('\r\n');

const days = (...events: readonly (readonly string[])[]): readonly string[] => readCalendar(calendar(...events), now);

describe('the days of a calendar', () => {
  it.each([
    ['a day', ['DTSTART;VALUE=DATE:20261225'], ['2026-12-25']],
    [
      'several, to the day before the end',
      ['DTSTART;VALUE=DATE:20261225', 'DTEND;VALUE=DATE:20261228'],
      ['2026-12-25', '2026-12-26', '2026-12-27'],
    ],
    ['those that an event with times touches', ['DTSTART:20261231T220000Z', 'DTEND:20270101T010000Z'], ['2026-12-31', '2027-01-01']],
    ['not the one at whose beginning it ends', ['DTSTART:20261231T100000', 'DTEND:20270101T000000'], ['2026-12-31']],
    ['as written, whatever the zone', ['DTSTART;TZID=Europe/Berlin:20261231T233000', 'DURATION:PT2H'], ['2026-12-31', '2027-01-01']],
    ['each year', ['DTSTART;VALUE=DATE:20200501', 'RRULE:FREQ=YEARLY'], ['2027-05-01']],
    [
      'but for exceptions',
      ['DTSTART;VALUE=DATE:20261221', 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;VALUE=DATE:20261222'],
      ['2026-12-21', '2026-12-23'],
    ],
    ['the last Friday', ['DTSTART;VALUE=DATE:20261127', 'RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2'], ['2026-11-27', '2026-12-25']],
    ['none that was cancelled', ['DTSTART;VALUE=DATE:20261225', 'STATUS:CANCELLED'], []],
    ['none that is far off', ['DTSTART;VALUE=DATE:20301225'], []],
    [
      'besides those of its rule',
      ['DTSTART;VALUE=DATE:20261221', 'RDATE;VALUE=DATE:20261224,20261231'],
      ['2026-12-21', '2026-12-24', '2026-12-31'],
    ],
    ['none of an event that ends before it begins', ['DTSTART;VALUE=DATE:20261221', 'DTEND;VALUE=DATE:20261201'], []],
    ['not those of its alarms', ['DTSTART;VALUE=DATE:20261221', 'BEGIN:VALARM', 'DURATION:P9D', 'END:VALARM'], ['2026-12-21']],
    [
      'on the wall of its zone, where its end, its exceptions and its last time are in UTC',
      [
        'DTSTART;TZID=Asia/Tokyo:20261201T080000',
        'DTEND:20261201T000000Z',
        'RRULE:FREQ=DAILY;UNTIL=20261203T230000Z',
        'EXDATE:20261201T230000Z',
      ],
      ['2026-12-01', '2026-12-03', '2026-12-04'],
    ],
  ])('are %s', (_what, event, expected) => {
    expect(days(event)).toEqual(expected);
  });

  it('follow an occurrence that was moved', () => {
    const week = ['UID:a', 'DTSTART;VALUE=DATE:20261201', 'RRULE:FREQ=WEEKLY;COUNT=3'];
    const moved = ['UID:a', 'RECURRENCE-ID;VALUE=DATE:20261208', 'DTSTART;VALUE=DATE:20261210'];
    expect(days(week, moved)).toEqual(['2026-12-01', '2026-12-10', '2026-12-15']);
  });

  it('leave an occurrence out that was cancelled', () => {
    const week = ['UID:a', 'DTSTART;VALUE=DATE:20261201', 'RRULE:FREQ=WEEKLY;COUNT=3'];
    const cancelled = ['UID:a', 'RECURRENCE-ID;VALUE=DATE:20261208', 'DTSTART;VALUE=DATE:20261208', 'STATUS:CANCELLED'];
    expect(days(week, cancelled)).toEqual(['2026-12-01', '2026-12-15']);
  });

  it('are read of an event that has recurred for centuries, without going through them', () => {
    expect(days(['DTSTART;VALUE=DATE:17000101', 'RRULE:FREQ=DAILY'])).toHaveLength(441);
  });
});

/** Each kept the library that calendars were once followed by busy for seconds, or for ever: who subscribes to a feed does not know what is in it. */
describe('what is made to keep the hub busy', () => {
  const zone = ['BEGIN:VTIMEZONE', 'TZID:Odd', 'BEGIN:STANDARD', 'DTSTART:19700101T000000', 'TZOFFSETFROM:+0000', 'TZOFFSETTO:+0100'];
  const inZone = ['DTSTART;TZID=Odd:20261201T100000', 'DTEND;TZID=Odd:20261201T110000'];
  const day = 'DTSTART;VALUE=DATE:20261201';
  const many = (count: number, line: string): readonly string[] => Array.from({ length: count }, () => line);

  it('is read as far as it says days', () => {
    const rules = [...zone, 'RRULE:FREQ=SECONDLY', 'END:STANDARD', 'END:VTIMEZONE', 'BEGIN:VEVENT', ...inZone, 'END:VEVENT'];
    expect(readCalendar(calendar().replace('PRODID:test', rules.join('\r\n')), now)).toEqual(['2026-12-01']);
    expect(days([day, 'DURATION:P99999999999D'])).toHaveLength(392);
    expect(days([day, ...many(30_000, 'RDATE;VALUE=DATE:20261201')])).toEqual(['2026-12-01']);
    expect(days(['DTSTART;VALUE=DATE:20200101', 'RRULE:FREQ=DAILY', ...many(25_000, 'EXDATE;VALUE=DATE:20200102')])).toHaveLength(441);
  });

  it.each([
    ['a daily event since the year 1 with a count', many(1, 'DTSTART;VALUE=DATE:00010101\r\nRRULE:FREQ=DAILY;COUNT=999999')],
    ['one with more dates than there are events', [[day, ...many(50_000, 'RDATE;VALUE=DATE:20261201')].join('\r\n')]],
    ['one with a line that goes on and on', [`DTSTART;VALUE=DATE${';A=b'.repeat(10_000)}:20261201`]],
    ['an event that was moved with all behind it', [`${day}\r\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20261201`]],
  ])('is refused: %s', (_what, events) => {
    expect(() => days(...events.map((lines) => [lines]))).toThrow(/The calendar cannot be read/);
  });
});

describe('what is refused', () => {
  it.each([
    ['no calendar', 'hello'],
    ['another component', 'BEGIN:VCARD\r\nEND:VCARD'],
    ['an event without a beginning', calendar(['SUMMARY:x'])],
    ['a time that is none', calendar(['DTSTART:yesterday'])],
    ['what is too long', `${calendar()}${' '.repeat(1_048_576)}`],
    ['too many events', calendar(...Array.from({ length: 5_001 }, () => ['DTSTART;VALUE=DATE:20261225']))],
    [
      'too many days',
      calendar(
        ...Array.from({ length: 10 }, (_, index) => [`DTSTART;VALUE=DATE:2026120${index % 9 || 1}`, `RRULE:FREQ=DAILY;INTERVAL=1`]),
        ['DTSTART:20000101T000000', 'RRULE:FREQ=HOURLY'],
      ),
    ],
    ['an exception by a rule', calendar(['DTSTART;VALUE=DATE:20261225', 'RRULE:FREQ=DAILY', 'EXRULE:FREQ=WEEKLY'])],
  ])('is %s', (_what, text) => {
    expect(() => readCalendar(text, now)).toThrow(/The calendar cannot be read/);
  });

  // For each of them the library looks for a next time that never comes, or comes late.
  it.each([
    'FREQ=SECONDLY',
    'FREQ=MINUTELY;BYMONTH=2',
    'FREQ=HOURLY',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=DAILY;BYDAY=MO;BYSETPOS=3',
    'FREQ=WEEKLY;BYDAY=2MO',
    'FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;BYMONTHDAY=32',
    'FREQ=MONTHLY;BYDAY=5MO',
    'FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=13',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=YEARLY;BYMONTH=13',
    'FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6',
    'FREQ=YEARLY;BYYEARDAY=366',
    'FREQ=YEARLY;BYDAY=53MO',
    'FREQ=YEARLY;INTERVAL=99999999999',
  ])('is %s, at once', (rule) => {
    const began = performance.now();
    expect(() => days(['DTSTART;VALUE=DATE:20260101', `RRULE:${rule}`])).toThrow(/The calendar cannot be read/);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

it('comes to an end with every rule that it follows', () => {
  const weekdays = ['MO', 'SU', '1MO', '-1SU', '4TU', '-4FR', 'MO,WE,FR'];
  const ofMonth = ['1', '31', '-1', '-31', '15,31'];
  const rules = [
    ...['FREQ=DAILY', 'FREQ=DAILY;INTERVAL=1000', 'FREQ=WEEKLY', 'FREQ=WEEKLY;BYDAY=MO,SU', 'FREQ=WEEKLY;INTERVAL=1000;BYDAY=TU'],
    ...weekdays.flatMap((day) => ['MONTHLY', 'YEARLY'].map((freq) => `FREQ=${freq};BYDAY=${day}`)),
    ...ofMonth.flatMap((day) => ['MONTHLY', 'MONTHLY;INTERVAL=12', 'YEARLY'].map((freq) => `FREQ=${freq};BYMONTHDAY=${day}`)),
    ...weekdays.map((day) => `FREQ=YEARLY;BYMONTH=2;BYDAY=${day}`),
    ...['29', '-29', '1'].map((day) => `FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=${day}`),
    ...['30', '31'].map((day) => `FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=${day};INTERVAL=7`),
    ...['FREQ=YEARLY;BYDAY=52MO', 'FREQ=YEARLY;BYDAY=-52SU', 'FREQ=YEARLY;INTERVAL=1000;BYMONTH=1,2,3'],
  ];
  for (const rule of rules) {
    for (const start of ['20260101', '20240229', '20260131']) {
      const began = performance.now();
      try {
        expect(days([`DTSTART;VALUE=DATE:${start}`, `RRULE:${rule}`]).length).toBeLessThanOrEqual(441);
      } catch (error) {
        expect(String(error)).toContain('The calendar cannot be read');
      }
      expect(performance.now() - began, rule).toBeLessThan(2_000);
    }
  }
});
