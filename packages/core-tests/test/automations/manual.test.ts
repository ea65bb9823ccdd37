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
    ['disabled', (id: string) => ({ enabled: false, id })],
    ['given another trigger', (id: string) => ({ definition: orderAutomation, id })],
  ])('that is %s in another process between the look and the commit does not run', async (_what, change) => {
    const { configuration } = stage.storage;
    const office2 = stage.process({
      storage: {
        ...stage.storage,
        async ingest(items) {
          const row = await configuration.find('acme', 'automation', 'by-hand');
          if (row?.version === 1) {
            const value = { ...row.value, ...change(row.id), id: undefined } as unknown as typeof row.value;
            await configuration.write('acme', [
              { put: 'automation', id: row.id, name: row.name, expect: row.version, value: JSON.parse(JSON.stringify(value)) },
            ]);
          }
          return stage.storage.ingest(items);
        },
      },
    });
    await expect(office2.hub.tenant('acme').automations.run('by-hand', { number: 'A-1' })).rejects.toMatchObject({ code: 'conflict' });
    expect((await acme.events.list()).items).toEqual([]);
    expect((await acme.runs.list()).items).toEqual([]);
  });

  it('is not lost where the configuration keeps moving: it is refused, to be asked again', async () => {
    const { configuration } = stage.storage;
    let moves = 0;
    const restless = stage.process({
      storage: {
        ...stage.storage,
        async ingest(items) {
          moves += 1;
          await configuration.write('acme', [
            {
              put: 'connection',
              id: `00000000-0000-7000-8000-${String(moves).padStart(12, '0')}`,
              name: `desk/${moves}`,
              expect: 'absent',
              value: connectionValue(moves),
            },
          ]);
          return stage.storage.ingest(items);
        },
      },
    });
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

function connectionValue(number: number) {
  return {
    connector: 'desk',
    name: String(number),
    status: 'active' as const,
    owner: null,
    externalAccountId: null,
    externalAccountName: null,
    settings: {},
    metadata: {},
    secretVersion: 1,
    connectedAt: 0,
  };
}
