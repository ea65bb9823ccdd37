import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronTimes } from './cron-times.ts';

const minute = 60_000;
const day = 1_440 * minute;

/** Zones whose clocks change by an hour, by half of one or by two, at night, at midnight and before it; one that has left out a day. */
const changes: readonly (readonly [zone: string, year: number])[] = [
  ['Europe/Berlin', 2026],
  ['America/New_York', 2026],
  ['Australia/Lord_Howe', 2026],
  ['Antarctica/Troll', 2026],
  ['America/Santiago', 2026],
  ['America/Havana', 2026],
  ['Africa/Cairo', 2026],
  ['Asia/Beirut', 2026],
  ['Pacific/Chatham', 2026],
  ['Pacific/Apia', 2011],
];

/** A minute with what the clock on the wall shows in it. */
interface WallMinute {
  readonly at: number;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Minutes since midnight. */
  readonly minute: number;
}

/** Each change of a zone's clocks in a year, with all minutes of four days around it, read from the platform's own formatting. */
function changesOf(zone: string, year: number): readonly (readonly WallMinute[])[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const wall = (at: number): WallMinute => {
    const [date = '', time = ''] = format.format(at).split(' ');
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    return { at, day: date, minute: hours * 60 + minutes };
  };
  const offset = (at: number): number => {
    const { day: date, minute: of } = wall(at);
    return Date.parse(`${date}T00:00:00Z`) + of * minute - at;
  };
  const found: WallMinute[][] = [];
  for (let at = Date.UTC(year, 0, 3); at < Date.UTC(year, 11, 29); at += day) {
    if (offset(at) === offset(at + day)) continue;
    found.push(Array.from({ length: 4 * 1_440 }, (_, index) => wall(at - day + index * minute)));
  }
  return found;
}

interface Field {
  readonly text: string;
  readonly values: readonly number[];
  readonly isStep: boolean;
}

const field = (most: number): fc.Arbitrary<Field> => {
  const value = fc.integer({ min: 0, max: most });
  const all = Array.from({ length: most + 1 }, (_, index) => index);
  return fc.oneof(
    value.map((one) => ({ text: String(one), values: [one], isStep: false })),
    fc.uniqueArray(value, { minLength: 2, maxLength: 4 }).map((values) => ({ text: values.join(','), values, isStep: false })),
    fc.tuple(value, value).map(([one, other]) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      return { text: `${from}-${to}`, values: all.slice(from, to + 1), isStep: false };
    }),
    fc.constantFrom(2, 6, 15, 20).map((step) => ({ text: `*/${step}`, values: all.filter((each) => each % step === 0), isStep: true })),
    fc.constant({ text: '*', values: all, isStep: true }),
  );
};
/** Hours at which clocks change come more often. */
const hours = fc.oneof(
  field(23),
  fc
    .uniqueArray(fc.constantFrom(0, 1, 2, 3, 23), { minLength: 1, maxLength: 3 })
    .map((values) => ({ text: values.join(','), values, isStep: false })),
);

/** The times of a rule by what is promised, minute by minute: without the library, and without one calculation of time zones. */
function timesByWall(wall: readonly WallMinute[], minutes: Field, hour: Field): readonly number[] {
  const wanted = new Set(hour.values.flatMap((each) => minutes.values.map((of) => each * 60 + of)));
  if (minutes.isStep || hour.isStep) return wall.filter((each) => wanted.has(each.minute)).map(({ at }) => at);
  const fired = new Set<number>();
  for (const [index, { day: date, minute: of, at }] of wall.entries()) {
    const before = wall[index - 1];
    if (before === undefined) continue;
    const isFirst = !wall.slice(Math.max(0, index - 180), index).some((each) => each.day === date && each.minute === of);
    if (wanted.has(of) && isFirst) fired.add(at);
    // The clock has gone forward: what is between has its turn now, where it is of this day.
    const from = before.day === date ? before.minute + 1 : 0;
    const isForward = before.day !== date ? of > 0 : of > before.minute + 1;
    if (isForward && Array.from({ length: of - from }, (_, gap) => from + gap).some((each) => wanted.has(each))) fired.add(at);
  }
  return [...fired].toSorted((left, right) => left - right);
}

describe.each(changes)('where the clocks of %s change in %i', (zone, year) => {
  const around = changesOf(zone, year);

  it('each rule has the times that it is promised to have, and no other', () => {
    expect(around.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.nat(around.length - 1), field(59), hours, (change, minutes, hour) => {
        const wall = around[change] ?? [];
        const cron = `${minutes.text} ${hour.text} * * *`;
        const { next } = cronTimes({ cron, timezone: zone });
        const [from, to] = [wall[0]?.at ?? 0, wall.at(-1)?.at ?? 0];
        const times: number[] = [];
        for (let at = next(from); at !== null && at <= to; at = next(at)) times.push(at);
        expect({ cron, times: times.map(shown) }).toEqual({
          cron,
          times: timesByWall(wall, minutes, hour)
            .filter((at) => at > from)
            .map(shown),
        });
      }),
      { numRuns: process.env['PATCHBAY_NIGHTLY'] === '1' ? 300 : 12 },
    );
  });

  it('each day begins where it does', () => {
    for (const wall of around) {
      const { nextDay } = cronTimes({ cron: '0 9 * * *', timezone: zone });
      const last = wall.at(-1)?.day;
      for (const { at, day: date } of wall.filter((each, index) => index % 7 === 0 && each.day !== last)) {
        const begins = wall.find((each) => each.at > at && each.day > date);
        expect([shown(at), shown(nextDay(at))]).toEqual([shown(at), shown(begins?.at ?? 0)]);
      }
    }
  });
});

const shown = (at: number): string => new Date(at).toISOString().slice(0, 16);
