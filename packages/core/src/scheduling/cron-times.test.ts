import { describe, expect, it } from 'vitest';
import { cronFault, cronTimes } from './cron-times.ts';

function times(cron: string, timezone: string, from: string, count: number): readonly string[] {
  const { next } = cronTimes({ cron, timezone });
  const found: string[] = [];
  for (let at = next(Date.parse(from)); at !== null && found.length < count; at = next(at))
    found.push(new Date(at).toISOString().slice(0, 16));
  return found;
}

const newYork = 'America/New_York';
const berlin = 'Europe/Berlin';

describe('where clocks go forward', () => {
  it.each([
    // 02:30 does not exist on that day: it is the first moment after the gap.
    ['a time of the day', '30 2 * * *', newYork, '2026-03-07T12:00Z', ['2026-03-08T07:00', '2026-03-09T06:30']],
    ['a time of the day', '30 2 * * *', berlin, '2026-03-28T12:00Z', ['2026-03-29T01:00', '2026-03-30T00:30']],
    ['a step', '*/30 * * * *', newYork, '2026-03-08T06:29Z', ['2026-03-08T06:30', '2026-03-08T07:00', '2026-03-08T07:30']],
    ['a step', '*/30 * * * *', berlin, '2026-03-29T00:29Z', ['2026-03-29T00:30', '2026-03-29T01:00', '2026-03-29T01:30']],
    ['the time after', '0 9 * * *', newYork, '2026-03-07T00:00Z', ['2026-03-07T14:00', '2026-03-08T13:00']],
    ['the time after', '0 9 * * *', berlin, '2026-03-28T00:00Z', ['2026-03-28T08:00', '2026-03-29T07:00']],
  ])('%s fires once: %s in %s', (_what, cron, zone, from, expected) => {
    expect(times(cron, zone, from, expected.length)).toEqual(expected);
  });
});

describe('where clocks go back', () => {
  it.each([
    // The hour comes twice; a time of the day fires in the first.
    ['a time of the day', '30 1 * * *', newYork, '2026-10-31T12:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
    ['a time of the day', '30 2 * * *', berlin, '2026-10-24T12:00Z', ['2026-10-25T00:30', '2026-10-26T01:30']],
    ['a step goes on', '*/30 * * * *', newYork, '2026-11-01T05:00Z', ['2026-11-01T05:30', '2026-11-01T06:00', '2026-11-01T06:30']],
    ['each hour goes on', '0 * * * *', berlin, '2026-10-24T23:30Z', ['2026-10-25T00:00', '2026-10-25T01:00', '2026-10-25T02:00']],
  ])('%s: %s in %s', (_what, cron, zone, from, expected) => {
    expect(times(cron, zone, from, expected.length)).toEqual(expected);
  });
});

describe('days that not every month and year has', () => {
  it.each([
    ['the leap day', '0 0 29 2 *', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['the 31st', '0 9 31 * *', ['2026-01-31T09:00', '2026-03-31T09:00', '2026-05-31T09:00']],
    ['the last day', '0 9 L * *', ['2026-01-31T09:00', '2026-02-28T09:00', '2026-03-31T09:00']],
    ['the weekday nearest to the first', '0 9 1W * *', ['2026-01-01T09:00', '2026-02-02T09:00', '2026-03-02T09:00']],
    ['the second Tuesday', '0 9 * * 2#2', ['2026-01-13T09:00', '2026-02-10T09:00']],
  ])('are %s', (_what, cron, expected) => {
    expect(times(cron, 'UTC', '2025-12-31T12:00Z', expected.length)).toEqual(expected);
  });
});

describe('what is refused', () => {
  it.each([
    ['0 9 * * *', 'Mars/Olympus', 'timezone: Mars/Olympus is no time zone'],
    ['0 0 9 * * *', 'UTC', 'cron: must be five parts'],
    ['@daily', 'UTC', 'cron: must be five parts'],
    ['2026-01-01T00:00:00Z', 'UTC', 'cron: must be five parts'],
    ['? 9 * * *', 'UTC', 'cron: must be five parts'],
    ['61 9 * * *', 'UTC', 'cron: Invalid value for minute'],
    ['0 9 31 2 *', 'UTC', 'cron: 0 9 31 2 * never comes'],
    ['x x x x x', 'UTC', 'cron: '],
  ])('%s in %s', (cron, timezone, fault) => {
    expect(cronFault({ cron, timezone })).toContain(fault);
  });

  it('is nothing that fires', () => {
    expect(cronFault({ cron: '0 9 * * MON-FRI', timezone: 'Asia/Kolkata' })).toBeUndefined();
    expect(cronFault({ cron: '*/5 * * * *' })).toBeUndefined();
  });
});

it('tells the day and time on the wall', () => {
  const { local } = cronTimes({ cron: '0 0 * * *', timezone: 'Pacific/Auckland' });
  expect(local(Date.parse('2026-12-31T12:30Z'))).toEqual({ day: '2027-01-01', time: '01:30', weekday: 5 });
});
