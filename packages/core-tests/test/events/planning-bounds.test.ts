import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage } from '../desk/desk-stage.ts';

let stage: DeskStage;
let hub: DeskProcess;
let acme: DeskTenant;

beforeEach(async () => {
  stage = deskStage();
  hub = stage.process();
  acme = hub.hub.tenant('acme');
  await connect(acme);
});
afterEach(() => stage.close());

const large = 'x'.repeat(900_000);
const whole = '{{ event.data.number }}';
const dear = 'event.data.json.all(a, event.data.json.all(b, event.data.json.all(c, a + b + c >= 0.0)))';
const numbers = Array.from({ length: 300 }, (_, index) => index);

/** Puts automations that file a ticket. */
async function put(
  count: number,
  more: { readonly when?: { readonly cel: string }; readonly details?: readonly string[] } = {},
): Promise<void> {
  const { when, details } = more;
  for (let index = 0; index < count; index += 1) {
    const input = details === undefined ? { title: `${index}` } : { title: `${index}`, details: [...details] };
    const steps = [{ id: 'ticket', action: 'desk.file_ticket', connection: 'main', input }] as const;
    await acme.automations.put(`a${index}`, { trigger: { event: 'order.placed' }, ...(when ? { when } : {}), steps });
  }
}

const place = async (number: string, json: number[] = []) => (await acme.events.publish('order.placed', { number, json })).eventId;

async function runsOf(eventId: string) {
  const items = [];
  for (let cursor: string | null = null; ; ) {
    const page = await acme.runs.list({ eventId, limit: 50, ...(cursor === null ? {} : { cursor }) });
    items.push(...page.items);
    if (page.cursor === null) return items;
    cursor = page.cursor;
  }
}

async function storedInputs(): Promise<number> {
  const { items } = await stage.storage.history.dispatches('acme', {}, { cursor: null, limit: 500 });
  return items.reduce((sum, { input }) => sum + (input?.length ?? 0), 0);
}

describe('an input that would be larger than the event many times over', () => {
  it.each([
    ['text that leaves whole', Array.from({ length: 120 }, () => whole)],
    ['text that leaves in a text', [whole.repeat(120)]],
    ['text that is copied twice', [whole, whole]],
    ['text that JSON makes longer', ['{{ event.data.number.replace("xxxx", "\\u0001") }}']],
    ['names of members', ['{{ {event.data.number: 1} }}', '{{ {event.data.number: 1} }}']],
  ])('fails its run before anything is sent, and says why: %s', async (_what, details) => {
    await put(10, { details });
    const eventId = await place(large);
    await hub.settled();
    const runs = await runsOf(eventId);
    expect(runs).toHaveLength(10);
    for (const run of runs) expect(run).toMatchObject({ status: 'failed', error: { code: 'fuel_exhausted' } });
    expect(runs[0]?.error?.message).toMatch(
      /The input of step ticket cannot be rendered: .*(Send less of the data|make it or its data smaller)/,
    );
    expect(await storedInputs()).toBe(0);
    expect(stage.desk.calls).toEqual([]);
  });

  it('is sent where it is as large as an event may be', async () => {
    await put(1, { details: [whole] });
    await place(large);
    await hub.settled();
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(1);
  });
});

describe('an event that is too much to be planned at the door', () => {
  it('is taken in unplanned where it has more than 64 targets, and each automation runs once', async () => {
    await put(64);
    const few = await place('few');
    expect(await runsOf(few)).toHaveLength(64);
    await put(65);
    const many = await place('many');
    expect(await runsOf(many)).toHaveLength(0);
    await hub.settled();
    const runs = await runsOf(many);
    expect(new Set(runs.map(({ automationName }) => automationName)).size).toBe(65);
    expect(runs.filter(({ status }) => status === 'succeeded')).toHaveLength(65);
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(64 + 65);
  });

  it('is taken in unplanned where its conditions are dear together, and each is still decided', async () => {
    await put(60, { when: { cel: dear } });
    const cheap = await place('cheap', []);
    expect(await runsOf(cheap)).toHaveLength(60);
    const eventId = await place('dear', numbers);
    expect((await acme.events.get(eventId)).considered).toEqual([]);
    await hub.settled();
    const { automations } = await acme.events.explain(eventId);
    expect(automations).toHaveLength(60);
    for (const each of automations) expect(each).toMatchObject({ considered: true, matched: false });
    expect(automations[0]?.reason).toMatch(/more steps than an evaluation may/);
  });

  it('is planned at the door where two conditions alone are dear: each has limits of its own', async () => {
    await put(2, { when: { cel: dear } });
    const eventId = await place('dear', numbers);
    expect((await acme.events.get(eventId)).considered).toHaveLength(2);
  });

  it('keeps no more inputs than a page at once, and loses none of them', async () => {
    await put(30, { details: [whole] });
    const pages: number[] = [];
    const recordRouting: typeof stage.storage.recordRouting = (written) => {
      for (const { dispatches } of written) pages.push(dispatches.reduce((sum, { input }) => sum + (input?.length ?? 0), 0));
      return stage.storage.recordRouting(written);
    };
    const router = stage.process({ storage: { ...stage.storage, recordRouting } });
    const eventId = await place(large);
    await router.settled();
    expect(await runsOf(eventId)).toHaveLength(30);
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(30);
    expect(pages.length).toBeGreaterThan(3);
    for (const size of pages) expect(size).toBeLessThan(8 * 1_048_576);
  });

  it('lets other work have its turns while a router plans it', async () => {
    await put(20, { when: { cel: dear } });
    const eventId = await place('dear', numbers);
    let turns = 0;
    let planned = false;
    const count = (): void => {
      turns += 1;
      if (!planned) setImmediate(count);
    };
    const recordRouting: typeof stage.storage.recordRouting = (pages) => {
      planned = true;
      return stage.storage.recordRouting(pages);
    };
    const claimMarks: typeof stage.storage.claimMarks = async (request) => {
      const marks = await stage.storage.claimMarks(request);
      if (marks.length > 0) setImmediate(count);
      return marks;
    };
    await stage.process({ storage: { ...stage.storage, claimMarks, recordRouting } }).settled();
    expect((await acme.events.get(eventId)).considered).toHaveLength(20);
    expect(turns).toBeGreaterThan(15);
  });
});

describe('a router that is lost between two pages', () => {
  it('is followed by another that goes on behind what was written, and does nothing twice', async () => {
    await put(30, { details: [whole] });
    const eventId = await place(large);
    let written = 0;
    const recordRouting: typeof stage.storage.recordRouting = async (pages) => {
      written += 1;
      const verdicts = await stage.storage.recordRouting(pages);
      // The second page is stored, and nobody hears of it.
      if (written === 2) throw new Error('read ECONNRESET');
      return verdicts;
    };
    const lost = stage.process({ storage: { ...stage.storage, recordRouting } });
    await lost.hub.work();
    const before = await runsOf(eventId);
    expect([before.length > 0, before.length < 30]).toEqual([true, true]);
    const pages: { from: number; to: number; planned: string[] }[] = [];
    const watched: typeof stage.storage.recordRouting = (each) => {
      for (const { from, to, considered } of each) pages.push({ from, to, planned: considered.map(({ automation }) => automation) });
      return stage.storage.recordRouting(each);
    };
    const next = stage.process({ storage: { ...stage.storage, recordRouting: watched } });
    await stage.clock.advance(31_000);
    await next.settled();
    expect(pages[0]?.from).toBe(before.length);
    expect(pages.at(-1)?.to).toBe(30);
    expect(pages.flatMap(({ planned }) => planned).filter((id) => before.some((run) => run.automation === id))).toEqual([]);
    expect(await runsOf(eventId)).toHaveLength(30);
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(30);
    expect((await acme.events.get(eventId)).considered).toHaveLength(30);
  });

  it('plans what is left by the configuration that holds by then', async () => {
    await put(30, { details: [whole] });
    const eventId = await place(large);
    let written = 0;
    const recordRouting: typeof stage.storage.recordRouting = async (pages) => {
      written += 1;
      if (written === 2)
        await acme.automations.put('late', {
          trigger: { event: 'order.placed' },
          steps: [{ id: 'tell', action: 'chat.say', connection: 'team', input: { text: 'x' } }],
        });
      return stage.storage.recordRouting(pages);
    };
    await stage.process({ storage: { ...stage.storage, recordRouting } }).settled();
    expect(await runsOf(eventId)).toHaveLength(31);
    expect([stage.desk.callsOf('file_ticket').length, stage.desk.callsOf('say').length]).toEqual([30, 1]);
  });
});
