import { describe, expect, it } from 'vitest';
import { cronTimes } from './cron-times.ts';
import { dueTicks, nextTick, type Ticks } from './due-ticks.ts';

const at = (text: string): number => Date.parse(text);
const shown = (ticks: readonly number[]): readonly string[] => ticks.map((tick) => new Date(tick).toISOString().slice(5, 16));

function ticksOf(cron: string, isWanted: (tick: number) => boolean = () => true): Ticks {
  return { times: cronTimes({ cron }), isWanted, turn: async () => {} };
}

const hourly = ticksOf('0 * * * *');
/** A hub that was down for a day: the last time looked at was noon, and it is a quarter past noon of the next day. */
const down = { after: at('2026-05-01T12:00Z'), now: at('2026-05-02T12:15Z') };

describe('after a day of nobody being there', () => {
  it('fires nothing with skip, and tells what was missed', async () => {
    const due = await dueTicks(hourly, { catchUp: 'skip' }, down);
    expect(due).toEqual({
      fire: [],
      missed: { count: 24, first: at('2026-05-01T13:00Z'), last: at('2026-05-02T12:00Z') },
      passed: at('2026-05-02T12:00Z'),
    });
  });

  it('fires the last with once, which is what happens where nothing is said', async () => {
    for (const rule of [{ catchUp: 'once' } as const, {}]) {
      const due = await dueTicks(hourly, rule, down);
      expect(shown(due.fire)).toEqual(['05-02T12:00']);
      expect(due.missed).toEqual({ count: 23, first: at('2026-05-01T13:00Z'), last: at('2026-05-02T11:00Z') });
    }
  });

  it('fires each with all, the oldest first, and of too many the last', async () => {
    const every = await dueTicks(hourly, { catchUp: 'all' }, down);
    expect(every.fire).toHaveLength(24);
    expect(shown(every.fire.slice(0, 2))).toEqual(['05-01T13:00', '05-01T14:00']);
    expect(every.missed).toBeNull();
    const some = await dueTicks(hourly, { catchUp: 'all', catchUpLimit: 3 }, down);
    expect(shown(some.fire)).toEqual(['05-02T10:00', '05-02T11:00', '05-02T12:00']);
    expect(some.missed?.count).toBe(21);
  });

  it('lets one that comes in time stand for those before it', async () => {
    const now = at('2026-05-02T12:00:30Z');
    const once = await dueTicks(hourly, { catchUp: 'once' }, { ...down, now });
    expect([shown(once.fire), once.missed?.count]).toEqual([['05-02T12:00'], 23]);
    expect(shown((await dueTicks(hourly, { catchUp: 'skip' }, { ...down, now })).fire)).toEqual(['05-02T12:00']);
  });
});

it('fires what has just come, whatever the policy', async () => {
  for (const catchUp of ['skip', 'once', 'all'] as const) {
    const due = await dueTicks(hourly, { catchUp }, { after: at('2026-05-01T12:00Z'), now: at('2026-05-01T13:00Z') });
    expect([shown(due.fire), due.missed]).toEqual([['05-01T13:00'], null]);
  }
});

it('passes over days that are not wanted without missing anything', async () => {
  const noSaturday = ticksOf('0 * * * *', (tick) => new Date(tick).getUTCDay() !== 6);
  const due = await dueTicks(noSaturday, { catchUp: 'all' }, { after: at('2026-05-01T21:00Z'), now: at('2026-05-03T01:00Z') });
  expect(shown(due.fire)).toEqual(['05-01T22:00', '05-01T23:00', '05-03T00:00', '05-03T01:00']);
  expect(due.missed).toBeNull();
  expect(shown([(await nextTick(noSaturday, at('2026-05-01T23:00Z'))) ?? 0])).toEqual(['05-03T00:00']);
});

it('looks at the times of the last day alone where there are too many, and lets others have the event loop', async () => {
  let turns = 0;
  const turn = async (): Promise<void> => {
    turns += 1;
  };
  const minutely: Ticks = { ...ticksOf('* * * * *'), turn };
  const due = await dueTicks(
    minutely,
    { catchUp: 'all', catchUpLimit: 2 },
    { after: at('2026-01-01T00:00Z'), now: at('2026-05-01T00:00Z') },
  );
  expect(shown(due.fire)).toEqual(['04-30T23:57', '04-30T23:58', '04-30T23:59', '05-01T00:00']);
  expect(due.missed?.first).toBe(at('2026-01-01T00:01Z'));
  expect(due.passed).toBe(at('2026-05-01T00:00Z'));
  expect(turns).toBeGreaterThan(30);
});

it('finds no next time where no day is wanted', async () => {
  expect(
    await nextTick(
      ticksOf('0 9 * * *', () => false),
      at('2026-05-01T00:00Z'),
    ),
  ).toBeNull();
});
