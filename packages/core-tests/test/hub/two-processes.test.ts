import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage, orderAutomation } from '../desk/desk-stage.ts';

let stage: DeskStage;
/** Takes events in and changes what is configured; executes nothing. */
let web: DeskProcess;
/** Executes; learns of a change only from the store. */
let worker: DeskProcess;
let acme: DeskTenant;

beforeEach(async () => {
  stage = deskStage();
  web = stage.process();
  worker = stage.process();
  acme = web.hub.tenant('acme');
  await connect(acme);
  await acme.automations.put('order', orderAutomation);
});
afterEach(() => stage.close());

const place = async (from: DeskProcess = web, number = 'A-1') =>
  (await from.hub.tenant('acme').events.publish('order.placed', { number })).eventId;
const runOf = async (eventId: string) => (await acme.runs.list({ eventId })).items[0];
const [ticket, tell] = orderAutomation.steps;

/** Lets a process read the tenant's configuration, so that it has it in memory. */
async function used(each: DeskProcess): Promise<void> {
  const eventId = await place(each);
  await worker.settled();
  expect(await runOf(eventId)).toMatchObject({ status: 'succeeded' });
}

describe('a worker', () => {
  it('executes what a process without a worker has planned', async () => {
    const eventId = await place();
    expect(await runOf(eventId)).toMatchObject({ status: 'running' });
    expect(await worker.settled()).toBe(2);
    expect(await runOf(eventId)).toMatchObject({ status: 'succeeded' });
  });

  it('executes at once, with the configuration of a moment ago, what was connected a moment ago', async () => {
    await used(worker);
    await acme.connections.put('new', { connector: 'desk', credential: { type: 'bearer', token: 'new-token' } });
    await acme.connections.put('newer', { connector: 'chat', credential: { type: 'bearer', token: 'newer-token' } });
    await acme.automations.put('order', {
      ...orderAutomation,
      steps: [
        { ...ticket, connection: 'new' },
        { ...tell, connection: 'newer' },
      ],
    });
    const eventId = await place();
    await worker.settled();
    expect(await acme.runs.get((await runOf(eventId))?.id ?? '')).toMatchObject({ status: 'succeeded', version: 2 });
  });

  it('goes on with a step whose connection was put after the run began', async () => {
    await acme.connections.put('late', { connector: 'chat', credential: { type: 'bearer', token: 'late-token' } });
    await acme.automations.put('order', { ...orderAutomation, steps: [ticket, { ...tell, connection: 'late' }] });
    const row = await stage.storage.configuration.find('acme', 'connection', 'chat/late');
    await stage.storage.configuration.write('acme', [{ delete: 'connection', id: row?.id ?? '', expect: row?.version ?? 0 }]);
    const eventId = await place();
    stage.desk.next('file_ticket', ({ input }) => {
      void acme.connections.put('late', { connector: 'chat', credential: { type: 'bearer', token: 'late-token' } });
      return { key: 'T-1', title: JSON.stringify(input) };
    });
    await worker.settled();
    expect(await runOf(eventId)).toMatchObject({ status: 'succeeded' });
  });

  it('finishes a run although the web process that took the event in has stopped', async () => {
    const eventId = await place();
    await web.hub.stop();
    await worker.settled();
    expect((await worker.hub.tenant('acme').runs.list({ eventId })).items).toMatchObject([{ status: 'succeeded' }]);
  });
});

describe('a change made in one process', () => {
  const statusesAfter = async (change: () => Promise<unknown>): Promise<readonly string[]> => {
    await used(worker);
    await used(web);
    await change();
    // Many at once, so that some meet the cached configuration.
    const ids = await Promise.all(Array.from({ length: 20 }, (_, index) => place(index % 2 === 0 ? worker : web, `B-${index}`)));
    await worker.settled();
    const runs = await Promise.all(ids.map(async (id) => (await acme.runs.list({ eventId: id })).items));
    return [...new Set(runs.map((items) => items.map(({ version, status }) => `v${version} ${status}`).join()))];
  };

  it.each([
    ['a new version', () => acme.automations.put('order', { ...orderAutomation, description: 'Changed.' }), ['v2 succeeded']],
    [
      'a condition',
      () => acme.automations.put('order', { ...orderAutomation, when: { field: 'event.data.number', op: 'equals', value: 'x' } }),
      [''],
    ],
    ['disabling', () => acme.automations.disable('order'), ['']],
    ['deleting', () => acme.automations.delete('order'), ['']],
    ['a second automation', () => acme.automations.put('second', orderAutomation), ['v1 succeeded,v1 succeeded']],
  ] as const)('holds for every event committed afterwards, in every process: %s', async (_what, change, expected) => {
    expect(await statusesAfter(change)).toEqual(expected);
  });

  it('holds for an event that was planned before it and committed after it', async () => {
    let change: Promise<unknown> | undefined;
    const ingest: typeof stage.storage.ingest = async (items) => {
      change ??= acme.automations.disable('order');
      await change;
      return stage.storage.ingest(items);
    };
    const late = stage.process({ storage: { ...stage.storage, ingest } });
    const eventId = await place(late);
    await worker.settled();
    expect(await runOf(eventId)).toBeUndefined();
    expect((await acme.events.get(eventId)).considered).toEqual([]);
  });

  it('that comes faster than it is read puts the event in unplanned, and a router plans it by what holds then', async () => {
    let version = 1;
    const ingest: typeof stage.storage.ingest = async (items) => {
      version += 1;
      await acme.automations.put('order', { ...orderAutomation, description: `Variant ${version}` });
      return stage.storage.ingest(items);
    };
    const restless = stage.process({ storage: { ...stage.storage, ingest } });
    const eventId = await place(restless);
    expect(version).toBe(4);
    expect(await runOf(eventId)).toBeUndefined();
    expect(restless.noticesOf('event.published')).toMatchObject([{ eventId, runs: 0, dispatches: 0 }]);
    await acme.automations.put('order', { ...orderAutomation, description: 'The last.' });
    await worker.settled();
    expect(await runOf(eventId)).toMatchObject({ status: 'succeeded', version: 5 });
    expect((await acme.events.explain(eventId)).automations).toMatchObject([{ matched: true, version: 5 }]);
  });

  it('is met by a router that plans anew, and nothing is lost or done twice', async () => {
    const ingest: typeof stage.storage.ingest = (items) =>
      stage.storage.ingest(items.map((item) => (item.event ? { ...item, plan: null } : item)));
    const unplanned = stage.process({ storage: { ...stage.storage, ingest } });
    const eventId = await place(unplanned);
    let moves = 0;
    const recordRouting: typeof stage.storage.recordRouting = async (pages) => {
      moves += 1;
      if (moves <= 2) await acme.automations.put(`extra-${moves}`, orderAutomation);
      return stage.storage.recordRouting(pages);
    };
    const router = stage.process({ storage: { ...stage.storage, recordRouting } });
    await router.settled();
    expect(moves).toBe(3);
    const { items } = await acme.runs.list({ eventId });
    expect(items.map(({ automationName, status }) => [automationName, status]).toSorted()).toEqual([
      ['extra-1', 'succeeded'],
      ['extra-2', 'succeeded'],
      ['order', 'succeeded'],
    ]);
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(3);
  });

  it('that makes an input err fails the run where the router plans it, and a notice tells of it', async () => {
    const ingest: typeof stage.storage.ingest = (items) =>
      stage.storage.ingest(items.map((item) => (item.event ? { ...item, plan: null } : item)));
    await acme.automations.put('order', { ...orderAutomation, steps: [{ ...ticket, input: { title: '{{ event.data.more.missing }}' } }] });
    const eventId = await place(stage.process({ storage: { ...stage.storage, ingest } }));
    await worker.settled();
    expect(await runOf(eventId)).toMatchObject({ status: 'failed' });
    expect(worker.noticesOf('run.finished')).toMatchObject([{ status: 'failed' }]);
  });

  it('keeps no other event from its way where one cannot be routed', async () => {
    const ingest: typeof stage.storage.ingest = (items) =>
      stage.storage.ingest(items.map((item) => (item.event ? { ...item, plan: null } : item)));
    const unplanned = stage.process({ storage: { ...stage.storage, ingest } });
    const [bad, good] = [await place(unplanned, 'bad'), await place(unplanned, 'good')];
    const recordRouting: typeof stage.storage.recordRouting = async (pages) => {
      if (pages.some(({ root }) => root === bad)) throw new Error('the store refuses this one');
      return stage.storage.recordRouting(pages);
    };
    const router = stage.process({ storage: { ...stage.storage, recordRouting } });
    await router.hub.work();
    expect(await runOf(good)).toMatchObject({ status: 'succeeded' });
    expect(await runOf(bad)).toBeUndefined();
    expect(router.logged).toEqual(['a marked event could not be routed; it is tried again']);
    await stage.clock.advance(31_000);
    await worker.settled();
    expect(await runOf(bad)).toMatchObject({ status: 'succeeded' });
  });
});
