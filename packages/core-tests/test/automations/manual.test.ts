import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage, orderAutomation } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;

const byHand = { ...orderAutomation, trigger: { manual: true } } as const;

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  acme = office.hub.tenant('acme');
  await connect(acme);
  await acme.automations.put('by-hand', byHand);
});
afterEach(() => stage.close());

describe('an automation with a manual trigger', () => {
  it('runs when it is asked to, with the data as its event', async () => {
    const { runId, eventId } = await acme.automations.run('by-hand', { number: 'A-1' });
    await office.settled();
    expect(await acme.runs.get(runId ?? '')).toMatchObject({ status: 'succeeded', eventId });
    expect((await acme.events.get(eventId)).event).toMatchObject({ type: 'manual.requested', subject: 'by-hand', data: { number: 'A-1' } });
  });

  it('starts nothing else: not its neighbours, but whoever subscribes to everything', async () => {
    const seen: string[] = [];
    office.hub.subscribe('*', { name: 'all' }, (event) => seen.push(event.type));
    await acme.automations.put('neighbour', byHand);
    await acme.automations.run('by-hand', { number: 'A-1' });
    await office.settled();
    expect((await acme.runs.list()).items).toHaveLength(1);
    expect(seen).toEqual(['manual.requested']);
  });

  it('runs once for a key, and refuses the key with other data', async () => {
    const first = await acme.automations.run('by-hand', { number: 'A-1' }, { idempotencyKey: 'k' });
    expect(await acme.automations.run('by-hand', { number: 'A-1' }, { idempotencyKey: 'k' })).toEqual(first);
    await expect(acme.automations.run('by-hand', { number: 'A-2' }, { idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'conflict' });
    expect((await acme.runs.list()).items).toHaveLength(1);
  });

  it('names no run where its condition does not hold, and the explanation says why', async () => {
    await acme.automations.put('by-hand', { ...byHand, when: { field: 'event.data.number', op: 'equals', value: 'A-2' } });
    const { runId, eventId } = await acme.automations.run('by-hand', { number: 'A-1' });
    expect(runId).toBeNull();
    const { automations } = await acme.events.explain(eventId);
    expect(automations).toMatchObject([{ matched: false, reason: 'event.data.number: does not equal "A-2", it is "A-1"' }]);
  });

  it.each([
    ['disabled', () => acme.automations.disable('by-hand'), 'invalid_argument'],
    ['started by an event now', () => acme.automations.put('by-hand', orderAutomation), 'invalid_argument'],
    ['deleted', () => acme.automations.delete('by-hand'), 'not_found'],
  ])('is refused, and nothing is stored, when it is %s', async (_what, change, code) => {
    await change();
    await expect(acme.automations.run('by-hand')).rejects.toMatchObject({ code });
    expect((await acme.events.list()).items).toEqual([]);
  });

  it.each([
    ['disabled', () => acme.automations.disable('by-hand')],
    ['deleted', () => acme.automations.delete('by-hand')],
    ['given another trigger', () => acme.automations.put('by-hand', orderAutomation)],
  ])('that is %s in another process between the look and the commit does not run', async (_what, change) => {
    let changing: Promise<unknown> | undefined;
    const ingest: typeof stage.storage.ingest = async (items) => {
      changing ??= change();
      await changing;
      return stage.storage.ingest(items);
    };
    const late = stage.process({ storage: { ...stage.storage, ingest } });
    await expect(late.hub.tenant('acme').automations.run('by-hand', { number: 'A-1' })).rejects.toMatchObject({ code: 'conflict' });
    expect((await acme.events.list()).items).toEqual([]);
    expect((await acme.runs.list()).items).toEqual([]);
  });

  it('is not lost where the configuration keeps moving: it is refused, to be asked again', async () => {
    let moves = 0;
    const ingest: typeof stage.storage.ingest = async (items) => {
      moves += 1;
      await acme.connections.put(`moves-${moves}`, { connector: 'desk', credential: { type: 'bearer', token: 'desk-token' } });
      return stage.storage.ingest(items);
    };
    const restless = stage.process({ storage: { ...stage.storage, ingest } });
    await expect(restless.hub.tenant('acme').automations.run('by-hand', { number: 'A-1' })).rejects.toMatchObject({
      code: 'overloaded',
      retryable: true,
    });
    expect((await acme.events.list()).items).toEqual([]);
  });

  it.each([
    ['a function', () => 1],
    ['a BigInt', { number: 1n }],
  ])('refuses %s as data', async (_what, data) => {
    await expect(acme.automations.run('by-hand', data as never)).rejects.toMatchObject({ code: 'invalid_event' });
  });
});
