import type { ScheduleRule } from '@patchbay/core/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage, orderAutomation } from '../desk/desk-stage.ts';

const hour = 3_600_000;
const day = 24 * hour;

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;

const steps = [{ ...orderAutomation.steps[0], input: { title: '{{ event.data.local }} {{ event.data.late }}' } }] as const;
const daily: ScheduleRule = { cron: '0 9 * * *', timezone: 'Europe/Berlin' };
const put = (schedule: ScheduleRule, name = 'report') => acme.automations.put(name, { trigger: { schedule }, steps });

const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** Local times of the events so far, the oldest first. */
async function fired(tenant: DeskTenant = acme): Promise<readonly unknown[]> {
  const { items } = await tenant.events.list({ type: 'schedule.fired', limit: 100 });
  return items.map(({ event: { data } }) => isJsonObject(data) && data['local']).sort();
}

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  acme = office.hub.tenant('acme');
  await connect(acme);
});
afterEach(() => stage.close());

describe('an automation with a schedule', () => {
  it('runs at its times, on the clock on the wall of its zone', async () => {
    await put(daily);
    await office.settled(2 * day);
    expect(await fired()).toEqual(['2026-01-01T09:00', '2026-01-02T09:00']);
    const runs = (await acme.runs.list()).items;
    expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    const [event] = (await acme.events.list({ type: 'schedule.fired' })).items;
    expect(event?.event).toMatchObject({
      subject: 'report',
      time: '2026-01-02T08:00:00.000Z',
      data: { scheduledFor: '2026-01-02T08:00:00.000Z', local: '2026-01-02T09:00', timezone: 'Europe/Berlin', late: false, missed: 0 },
    });
  });

  it('starts nothing but itself', async () => {
    await put(daily);
    await put({ cron: '0 10 * * *' }, 'other');
    await office.settled(8 * hour + 1);
    const { items } = await acme.runs.list();
    expect(items.map(({ automation }) => automation)).toEqual([(await acme.automations.get('report')).id]);
  });

  it('tells when it fires next, when it has fired and what it missed', async () => {
    await put(daily);
    expect(await acme.automations.schedule('report')).toEqual({
      ...{ nextAt: Date.UTC(2026, 0, 1, 8), last: null, fired: [], missed: [], firings: 0, misses: 0, waitsFor: null },
    });
    await office.settled(2 * day);
    const view = await acme.automations.schedule('report');
    expect(view).toMatchObject({ nextAt: Date.UTC(2026, 0, 3, 8), firings: 2, misses: 0, last: { scheduledFor: Date.UTC(2026, 0, 2, 8) } });
    expect(view.fired.map(({ scheduledFor }) => scheduledFor)).toEqual([Date.UTC(2026, 0, 2, 8), Date.UTC(2026, 0, 1, 8)]);
    await acme.automations.disable('report');
    expect((await acme.automations.schedule('report')).nextAt).toBeNull();
  });

  it('goes by another schedule at once', async () => {
    await put(daily);
    await put({ cron: '30 1 * * *' });
    await office.settled(day - 1);
    expect(await fired()).toEqual(['2026-01-01T01:30']);
  });

  it.each([
    ['disabled', () => acme.automations.disable('report')],
    ['deleted', () => acme.automations.delete('report')],
    ['given another trigger', () => acme.automations.put('report', orderAutomation)],
  ])('does not fire any more when it is %s', async (_what, change) => {
    await put(daily);
    await change();
    await office.settled(3 * day);
    expect(await fired()).toEqual([]);
    expect((await acme.runs.list()).items).toEqual([]);
  });

  it('catches up nothing of the time in which it was disabled', async () => {
    await put({ ...daily, catchUp: 'all' });
    await acme.automations.disable('report');
    await stage.clock.advance(5 * day);
    await acme.automations.enable('report');
    await office.settled(day);
    expect(await fired()).toEqual(['2026-01-06T09:00']);
  });

  it('goes on for weeks, though its keeper hands over', async () => {
    await put({ cron: '0 12 * * 1' });
    await office.settled(18 * day);
    await office.settled(18 * day);
    expect(await fired()).toEqual(['2026-01-05T12:00', '2026-01-12T12:00', '2026-01-19T12:00', '2026-01-26T12:00', '2026-02-02T12:00']);
    const keepers = (await acme.dispatches.list({ status: 'pending' })).items;
    expect(keepers.map(({ handler }) => handler)).toEqual(['schedule']);
  });
});

describe('a hub that was down for a day', () => {
  it.each([
    ['skip', [], 4],
    ['once', ['2026-01-02T06:00'], 3],
    ['all', ['2026-01-01T12:00', '2026-01-01T18:00', '2026-01-02T00:00', '2026-01-02T06:00'], 0],
  ] as const)('with catch-up %s fires %j late', async (catchUp, expected, missed) => {
    await put({ cron: '0 */6 * * *', catchUp });
    await office.settled(6 * hour);
    await stage.clock.advance(day + hour);
    await office.hub.work({ deadline: 1_000 });
    expect((await fired()).slice(1)).toEqual(expected);
    const view = await acme.automations.schedule('report');
    expect([view.misses, view.nextAt]).toEqual([missed, Date.UTC(2026, 0, 2, 12)]);
    expect(view.missed.map(({ count }) => count)).toEqual(missed === 0 ? [] : [missed]);
  });

  it('fires no more late ones than it may, and the last of them', async () => {
    await put({ cron: '0 */6 * * *', catchUp: 'all', catchUpLimit: 2 });
    await office.hub.work({ deadline: 1_000 });
    await stage.clock.advance(day + hour);
    await office.hub.work({ deadline: 1_000 });
    expect(await fired()).toEqual(['2026-01-01T18:00', '2026-01-02T00:00']);
    expect((await acme.automations.schedule('report')).missed).toMatchObject([{ count: 2 }]);
    expect(office.logged).toContain('times of a schedule were missed');
  });
});

describe('a hub that was down for months', () => {
  // One long ago, one of before the stop that still touches it, one in the midst, one near its end, one to come.
  const closed = ['20251110', '20260112', '20260209', '20260504', '20260608', '20260907'];
  const ics = [
    'BEGIN:VCALENDAR',
    ...closed.flatMap((each) => ['BEGIN:VEVENT', `DTSTART;VALUE=DATE:${each}`, 'END:VEVENT']),
    ...['BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20220301', 'RRULE:FREQ=MONTHLY;BYDAY=1MO', 'END:VEVENT'],
    'END:VCALENDAR',
  ].join('\r\n');

  it('catches up the days that a calendar lets it, however long ago', async () => {
    await put({ cron: '0 9 * * 1,6', catchUp: 'all', days: 'business', except: [{ ics }] });
    await office.hub.work({ deadline: 1_000 });
    await stage.clock.advance(170 * day);
    await office.hub.work({ deadline: 60_000 });
    const mondays = Array.from({ length: 24 }, (_, index) => new Date(Date.UTC(2026, 0, 5 + 7 * index)).toISOString().slice(0, 10));
    const isFirst = (each: string): boolean => Number(each.slice(8)) <= 7;
    const wanted = mondays.filter((each) => !isFirst(each) && !closed.includes(each.replaceAll('-', '')));
    expect(await fired()).toEqual(wanted.map((each) => `${each}T09:00`));
    expect((await acme.automations.schedule('report')).misses).toBe(0);
  });
});

describe('days', () => {
  const holidays = { dates: ['2026-01-01', '2026-01-06'] };
  const ics = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20251229', 'RRULE:FREQ=WEEKLY', 'END:VEVENT', 'END:VCALENDAR'].join(
    '\r\n',
  );

  it.each([
    ['business days', { days: 'business' }, ['01', '02', '05', '06', '07']],
    ['business days without holidays', { days: 'business', except: [holidays] }, ['02', '05', '07']],
    ['days of a list alone', { only: [holidays] }, ['01', '06']],
    ['days of a calendar that recur', { only: [{ ics }] }, ['05']],
    ['without those of a calendar', { except: [{ ics }, holidays] }, ['02', '03', '04', '07']],
    ['a calendar of the host', { except: [{ calendar: 'closed' }] }, ['01', '02', '03', '06', '07']],
  ] as readonly [string, Partial<ScheduleRule>, readonly string[]][])('are %s', async (_what, rule, expected) => {
    const open = stage.process({ schedules: { calendars: { closed: { dates: ['2026-01-04', '2026-01-05'] } } } });
    const tenant = open.hub.tenant('acme');
    await tenant.automations.put('report', { trigger: { schedule: { cron: '0 9 * * *', ...rule } }, steps });
    await open.settled(7 * day);
    expect(await fired(tenant)).toEqual(expected.map((each) => `2026-01-${each}T09:00`));
    expect((await tenant.automations.schedule('report')).misses).toBe(0);
  });
});

describe('several processes over one store', () => {
  it('fire each time once', async () => {
    const offices = [office, stage.process(), stage.process()];
    await put({ cron: '0 * * * *' });
    for (let turn = 0; turn < 24; turn += 1) {
      await Promise.all(offices.map(({ hub }) => hub.work({ deadline: 1_000 })));
      await stage.clock.advance(hour);
    }
    await Promise.all(offices.map(({ hub }) => hub.work({ deadline: 1_000 })));
    expect(await fired()).toHaveLength(24);
    expect(new Set(await fired()).size).toBe(24);
    expect((await acme.runs.list({ limit: 100 })).items).toHaveLength(24);
  });

  it('fire once though the answer of a commit is lost', async () => {
    let lost = 0;
    const ingest: typeof stage.storage.ingest = async (items) => {
      const verdicts = await stage.storage.ingest(items);
      if (items.some(({ event }) => event?.type === 'schedule.fired') && lost < 2) {
        lost += 1;
        throw new Error('the answer was lost');
      }
      return verdicts;
    };
    const shaky = stage.process({ storage: { ...stage.storage, ingest } });
    await put(daily);
    await shaky.settled(2 * day);
    expect(lost).toBe(2);
    expect(await fired()).toEqual(['2026-01-01T09:00', '2026-01-02T09:00']);
    expect(await acme.automations.schedule('report')).toMatchObject({ firings: 2 });
  });

  it('go by the clock of the store, however wrong their own is', async () => {
    await put(daily);
    const skewed = (by: number) => stage.process({}, { ...stage.clock, now: () => stage.clock.now() + by });
    const wrong = [skewed(-10 * 60_000), skewed(10 * 60_000), skewed(-3 * hour)];
    await stage.clock.advance(8 * hour - 60_000);
    for (const { hub } of wrong) await hub.work({ deadline: 1_000 });
    expect(await fired()).toEqual([]);
    await stage.clock.advance(61_000);
    for (const { hub } of wrong) await hub.work({ deadline: 1_000 });
    expect(await fired()).toEqual(['2026-01-01T09:00']);
  });

  it('fire nothing of a schedule that is changed between the look and the commit', async () => {
    await put(daily);
    let changing: Promise<unknown> | undefined;
    const ingest: typeof stage.storage.ingest = async (items) => {
      if (items.some(({ event }) => event?.type === 'schedule.fired')) {
        changing ??= put({ ...daily, cron: '0 10 * * *' });
        await changing;
      }
      return stage.storage.ingest(items);
    };
    const late = stage.process({ storage: { ...stage.storage, ingest } });
    await stage.clock.advance(8 * hour);
    await late.settled(2 * hour);
    expect(await fired()).toEqual(['2026-01-01T10:00']);
  });

  it('look after a schedule whose keeper was never sent', async () => {
    const ingest: typeof stage.storage.ingest = () => Promise.reject(new Error('the store is away'));
    const dying = stage.process({ storage: { ...stage.storage, ingest } });
    const schedule = { trigger: { schedule: daily }, steps } as const;
    await expect(dying.hub.tenant('acme').automations.put('report', schedule)).rejects.toThrow();
    await office.settled(day);
    expect(await fired()).toEqual(['2026-01-01T09:00']);
  });
});

describe('what is refused when it is put', () => {
  it.each([
    ['a time that never comes', { cron: '0 9 31 2 *' }, 'trigger.schedule.cron: 0 9 31 2 * never comes'],
    ['a zone that is none', { cron: '0 9 * * *', timezone: 'Berlin' }, 'trigger.schedule.timezone: Berlin is no time zone'],
    [
      'a calendar that is not there',
      { cron: '0 9 * * *', only: [{ calendar: 'x' }] },
      'trigger.schedule.only.0.calendar: this hub has no calendar x',
    ],
    [
      'a day that is none',
      { cron: '0 9 * * *', except: [{ dates: ['2026-02-30'] }] },
      'trigger.schedule.except.0.dates: there is no day 2026-02-30',
    ],
    [
      'a text that is no calendar',
      { cron: '0 9 * * *', except: [{ ics: 'x' }] },
      'trigger.schedule.except.0.ics: The calendar cannot be read',
    ],
    ['an address inside', { cron: '0 9 * * *', except: [{ url: 'https://10.0.0.1/a.ics' }] }, 'trigger.schedule.except.0.url: '],
    ['an address without TLS', { cron: '0 9 * * *', except: [{ url: 'http://example.com/a.ics' }] }, 'trigger.schedule.except.0.url: '],
    ['a limit without use', { cron: '0 9 * * *', catchUpLimit: 3 }, 'trigger.schedule.catchUpLimit: goes with catchUp "all" alone'],
  ] satisfies [string, ScheduleRule, string][])('is %s', async (_what, schedule, message) => {
    await expect(put(schedule)).rejects.toMatchObject({ code: 'automation_invalid', message: expect.stringContaining(message) });
    expect(() => acme.automations.parse({ trigger: { schedule }, steps })).toThrow(message);
  });
});
