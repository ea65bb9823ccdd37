import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage, orderAutomation } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;
let calls: string[];
let isBroken: boolean;

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  calls = [];
  isBroken = false;
  office.hub.subscribe('order.*', { name: 'index' }, (event, { key }) => {
    calls.push(key);
    if (isBroken) throw new PatchbayError({ code: 'invalid_input', message: 'The index refuses it. Mend it.' });
    return event;
  });
  acme = office.hub.tenant('acme');
  await connect(acme);
  await acme.automations.put('order', orderAutomation);
});
afterEach(() => stage.close());

const refuse = () => {
  throw new PatchbayError({ code: 'provider_rejected', message: 'The desk refuses it. Correct it.' });
};

async function place(): Promise<string> {
  const { eventId } = await acme.events.publish('order.placed', { number: 'A-1' });
  await office.settled();
  return eventId;
}

const runsOf = async (eventId: string) =>
  (await acme.runs.list({ eventId, limit: 500 })).items.toReversed().map(({ replay, status }) => [replay, status]);

describe('a replay of an event', () => {
  it('starts only what has not succeeded, with a new key', async () => {
    stage.desk.next('file_ticket', refuse);
    const eventId = await place();
    expect(calls).toHaveLength(1);
    const started = await acme.events.replay(eventId);
    expect(started).toMatchObject({ runIds: [expect.any(String)], dispatchIds: [] });
    await office.settled();
    expect(await runsOf(eventId)).toEqual([
      [0, 'failed'],
      [1, 'succeeded'],
    ]);
    const keys = stage.desk.callsOf('file_ticket').map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    expect(calls).toHaveLength(1);
    expect(await acme.events.replay(eventId)).toEqual({ runIds: [], dispatchIds: [] });
  });

  it('starts everything when it is asked to, under one number, in the class of replays', async () => {
    const eventId = await place();
    const { runIds, dispatchIds } = await acme.events.replay(eventId, { all: true });
    expect([runIds.length, dispatchIds.length]).toEqual([1, 1]);
    expect(await acme.dispatches.get(dispatchIds[0] ?? '')).toMatchObject({ replay: 1, status: 'pending', input: null });
    await office.settled();
    expect(new Set(calls).size).toBe(2);
    expect(await runsOf(eventId)).toEqual([
      [0, 'succeeded'],
      [1, 'succeeded'],
    ]);
  });

  it('starts nothing beside what is still under way', async () => {
    stage.desk.next('file_ticket', () => {
      throw new PatchbayError({ code: 'provider_unavailable', message: 'Later.', retryable: true });
    });
    const { eventId } = await acme.events.publish('order.placed', { number: 'A-1' });
    await office.hub.work();
    expect((await acme.events.replay(eventId)).runIds).toEqual([]);
  });

  it('reaches a subscriber that had died, and leaves out one that was retired', async () => {
    isBroken = true;
    const eventId = await place();
    expect((await acme.dispatches.list({ status: 'dead' })).items).toHaveLength(1);
    isBroken = false;
    expect((await acme.events.replay(eventId)).dispatchIds).toHaveLength(1);
    await office.settled();
    expect(calls).toHaveLength(2);
    await office.hub.retireSubscriber('index');
    expect((await acme.events.replay(eventId, { all: true })).dispatchIds).toEqual([]);
  });

  it('runs the current version, and neither a disabled nor a deleted automation', async () => {
    const eventId = await place();
    await acme.automations.put('order', { ...orderAutomation, when: { field: 'event.data.number', op: 'equals', value: 'never' } });
    await acme.events.replay(eventId, { all: true });
    await office.settled();
    expect((await acme.runs.list({ eventId })).items.map(({ replay, version, status }) => [replay, version, status])).toEqual([
      [1, 2, 'succeeded'],
      [0, 1, 'succeeded'],
    ]);
    await acme.automations.disable('order');
    expect((await acme.events.replay(eventId, { all: true })).runIds).toEqual([]);
    await acme.automations.delete('order');
    expect((await acme.events.replay(eventId, { all: true })).runIds).toEqual([]);
  });
});

describe('a call that is repeated because its answer was lost', () => {
  it('starts nothing twice and answers what the first one started, also when all is over', async () => {
    const eventId = await place();
    const request = { all: true, idempotencyKey: 'once' };
    const first = await acme.events.replay(eventId, request);
    expect(await acme.events.replay(eventId, request)).toEqual(first);
    await office.settled();
    await acme.events.replay(eventId, { all: true });
    await office.settled();
    expect(await acme.events.replay(eventId, request)).toEqual(first);
    expect(await acme.events.replay(eventId, { ...request, all: false })).toEqual(first);
    expect((await runsOf(eventId)).map(([replay]) => replay)).toEqual([0, 1, 2]);
    expect(calls).toHaveLength(3);
  });

  it('starts nothing twice from ten callers at once in two processes', async () => {
    const eventId = await place();
    const branch = stage.process().hub.tenant('acme');
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? acme : branch).events.replay(eventId, { all: true, idempotencyKey: 'once' }),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await office.settled();
    expect((await runsOf(eventId)).map(([replay]) => replay)).toEqual([0, 1]);
    expect(calls).toHaveLength(2);
  });

  it('starts a replay of its own for another key, and for a call without one', async () => {
    const eventId = await place();
    for (const request of [{ idempotencyKey: 'a' }, { idempotencyKey: 'b' }, {}, {}])
      await acme.events.replay(eventId, { all: true, ...request });
    expect((await runsOf(eventId)).map(([replay]) => replay)).toEqual([0, 1, 2, 3, 4]);
  });

  it('is one replay where two people ask for the same at once without a key', async () => {
    const eventId = await place();
    const answers = await Promise.all([acme.events.replay(eventId, { all: true }), acme.events.replay(eventId, { all: true })]);
    expect(answers[0]).toEqual(answers[1]);
    expect((await runsOf(eventId)).map(([replay]) => replay)).toEqual([0, 1]);
  });

  it('starts both where two people ask for different things at once', async () => {
    await acme.automations.put('second', orderAutomation);
    const eventId = await place();
    const runs = (await acme.runs.list({ eventId })).items;
    const started = await Promise.all(runs.map(({ id }) => acme.runs.replay(id)));
    expect(new Set(started.map(({ automationName }) => automationName))).toEqual(new Set(['order', 'second']));
    await office.settled();
    expect((await runsOf(eventId)).filter(([replay]) => replay === 1)).toHaveLength(2);
  });

  it('is refused with a key that no store could hold', async () => {
    const eventId = await place();
    for (const idempotencyKey of ['', 'a\u0000', 'x'.repeat(201)])
      await expect(acme.events.replay(eventId, { all: true, idempotencyKey })).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

describe('a replay of a run', () => {
  it('runs one automation once more, succeeded or not, and a repeated call answers the same run', async () => {
    const eventId = await place();
    const [run] = (await acme.runs.list({ eventId })).items;
    const replayed = await acme.runs.replay(run?.id ?? '', { idempotencyKey: 'k' });
    expect(replayed).toMatchObject({ replay: 1, status: 'running' });
    await office.settled();
    expect((await acme.runs.replay(run?.id ?? '', { idempotencyKey: 'k' })).id).toBe(replayed.id);
    expect(calls).toHaveLength(1);
  });

  it('is refused for a disabled and for a deleted automation, and stores nothing', async () => {
    const eventId = await place();
    const id = (await acme.runs.list({ eventId })).items[0]?.id ?? '';
    await acme.automations.disable('order');
    await expect(acme.runs.replay(id)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('Enable it') });
    await acme.automations.delete('order');
    await expect(acme.runs.replay(id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await runsOf(eventId)).toHaveLength(1);
  });

  it('that fails before its first step is seen as a failed run with the reason, and a notice tells of it', async () => {
    const eventId = await place();
    await acme.automations.put('order', {
      ...orderAutomation,
      steps: [{ ...orderAutomation.steps[0], input: { title: '{{ event.data.more.missing }}' } }],
    });
    const before = office.noticesOf('run.finished').length;
    const { runIds } = await acme.events.replay(eventId, { all: true });
    expect((await acme.runs.get(runIds[0] ?? '')).error?.message).toMatch(/input of step ticket cannot be rendered/);
    expect(office.noticesOf('run.finished').slice(before)).toMatchObject([{ runId: runIds[0], status: 'failed' }]);
  });
});
