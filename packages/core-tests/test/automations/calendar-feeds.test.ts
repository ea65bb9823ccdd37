import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage, orderAutomation } from '../desk/desk-stage.ts';

const day = 86_400_000;

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;
let server: Server;
let url: string;
let answer: { readonly status: number; readonly body: string };
let asked: number;

const holiday = (text: string): string =>
  ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', `DTSTART;VALUE=DATE:${text}`, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');

const put = () =>
  acme.automations.put('report', {
    trigger: { schedule: { cron: '0 9 * * *', except: [{ url }], catchUp: 'all' } },
    steps: [{ ...orderAutomation.steps[0], input: { title: '{{ event.data.local }}' } }],
  });

const fired = async (): Promise<readonly string[]> => {
  const { fired: list } = await acme.automations.schedule('report');
  return list.map(({ scheduledFor }) => new Date(scheduledFor).toISOString().slice(0, 10)).reverse();
};

beforeEach(async () => {
  answer = { status: 200, body: holiday('20260102') };
  asked = 0;
  server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(answer.status, { 'content-type': 'text/calendar' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/holidays.ics?key=k`;
  stage = deskStage();
  office = stage.process({ loopbackOnly: true });
  acme = office.hub.tenant('acme');
  await connect(acme);
});
afterEach(async () => {
  await stage.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('leaves out the days of a feed, and reads it twice a day at most', async () => {
  await put();
  await office.settled(4 * day);
  expect(await fired()).toEqual(['2026-01-01', '2026-01-03', '2026-01-04']);
  expect(asked).toBeGreaterThan(1);
  expect(asked).toBeLessThanOrEqual(9);
});

it('goes by what the feed says later', async () => {
  await put();
  await office.settled(day);
  answer = { status: 200, body: holiday('20260103') };
  await office.settled(3 * day);
  expect(await fired()).toEqual(['2026-01-01', '2026-01-02', '2026-01-04']);
});

it('goes on with what was read before while the feed is away, and says so', async () => {
  await put();
  await office.settled(60_000);
  answer = { status: 503, body: '' };
  await office.settled(3 * day);
  expect(await fired()).toEqual(['2026-01-01', '2026-01-03']);
  expect(office.logged).toContain('a calendar of a schedule could not be read');
});

it.each([
  ['that is away', { status: 404, body: '' }, 'answered 404'],
  ['that leads elsewhere', { status: 302, body: '' }, 'redirections are not followed'],
  ['that is no calendar', { status: 200, body: '<html>' }, 'cannot be read'],
  ['that is too long', { status: 200, body: ' '.repeat(1_100_000) }, 'a calendar feed cannot be read'],
])('guesses nothing of a feed %s: the schedule waits for it, and then goes on', async (_what, broken, reason) => {
  answer = broken;
  await put();
  await office.settled(day);
  expect(await fired()).toEqual([]);
  const waiting = await acme.automations.schedule('report');
  expect(waiting.nextAt).toBeNull();
  expect(waiting.waitsFor).toContain(reason);
  expect(waiting.waitsFor).not.toContain('key=k');
  answer = { status: 200, body: holiday('20260105') };
  await office.settled(3_600_000);
  expect(await fired()).toEqual(['2026-01-01']);
  expect((await acme.automations.schedule('report')).waitsFor).toBeNull();
});
it('leaves out the days of a feed that were months ago when it catches up, whoever else has read it meanwhile', async () => {
  await put();
  await office.settled(day);
  answer = { status: 200, body: holiday('20260120') };
  await stage.clock.advance(100 * day);
  await acme.automations.put('new', {
    trigger: { schedule: { cron: '0 9 * * *', except: [{ url }] } },
    steps: [{ ...orderAutomation.steps[0], input: { title: 'x' } }],
  });
  const { id } = await acme.automations.get('report');
  await stage.storage.gates.close([{ tenant: 'acme', lane: `schedule:${id}`, reason: 'paused', forMs: 60_000 }]);
  await office.hub.work({ deadline: 1_000 });
  expect((await acme.automations.schedule('new')).nextAt).not.toBeNull();
  await office.settled(5 * 60_000);
  const { items } = await acme.events.list({ type: 'schedule.fired', limit: 200 });
  const days = items.map(({ event }) => String(event.time).slice(0, 10));
  expect(days).toContain('2026-01-19');
  expect(days).toContain('2026-04-10');
  expect(days).not.toContain('2026-01-20');
});
