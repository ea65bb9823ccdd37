import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  acme = office.hub.tenant('acme');
  await connect(acme);
});
afterEach(() => stage.close());

const context = { enricher: 'desk.context', connection: 'main', events: ['order.*'] };
const owned = () => ({ owner: 'ada' });
const fail = () => {
  throw new PatchbayError({ code: 'provider_unavailable', message: 'The desk is closed.' });
};

const telling = {
  trigger: { event: 'order.placed' },
  when: { field: 'event.enrichment.desk.data.owner', op: 'equals', value: 'ada' },
  steps: [
    { id: 'ticket', action: 'desk.file_ticket', connection: 'main', input: { title: '{{ event.enrichment.desk.data.owner }}' } },
    { id: 'tell', action: 'chat.say', connection: 'team', input: { text: 'for {{ event.enrichment.desk.data.owner }}' } },
  ],
} as const;

const publish = async (number = 'A-1') => (await acme.events.publish('order.placed', { number })).eventId;
const enrichmentOf = async (id: string) => (await acme.events.get(id)).event.enrichment;
const said = () => stage.desk.callsOf('say').map(({ input }) => input);
/** Moves the clock on, at most 20 seconds, until something has happened. */
async function advanceUntil(happened: () => boolean): Promise<void> {
  for (let turns = 0; turns < 400 && !happened(); turns += 1) await stage.clock.advance(50);
}
const asked = () => stage.desk.callsOf('context').length;

describe('an event with a live enrichment', () => {
  beforeEach(async () => {
    await acme.enrichments.put('desk', context);
  });

  it('is routed with what was found, attributed, and every step sees the same', async () => {
    await acme.automations.put('telling', telling);
    stage.desk.next('context', owned);
    const id = await publish();
    expect(asked()).toBe(0);
    await office.settled();
    expect(said()).toEqual([{ text: 'for ada' }]);
    expect(asked()).toBe(1);
    const { id: connection } = await acme.connections.get('main');
    expect(await enrichmentOf(id)).toEqual({
      desk: {
        status: 'found',
        data: { owner: 'ada' },
        error: null,
        enricher: 'desk.context',
        connection,
        at: new Date(stage.clock.now()).toISOString(),
      },
    });
    const { automations } = await acme.events.explain(id);
    expect(automations.map(({ matched }) => matched)).toEqual([true]);
  });

  it('is the same for every enricher, whatever one of them makes of it', async () => {
    await acme.enrichments.put('second', context);
    const meddle = () => (event: { data: { number: string } }) => {
      const found = event.data.number;
      event.data.number = 'another';
      return { found };
    };
    stage.desk.next('context', meddle, meddle);
    const id = await publish();
    await office.settled();
    const found = { status: 'found', data: { found: 'A-1' } };
    expect(await enrichmentOf(id)).toMatchObject({ desk: found, second: found });
    expect((await acme.events.get(id)).event.data).toEqual({ number: 'A-1' });
  });

  it('goes on without it where it fails, and tells why', async () => {
    await acme.automations.put('telling', {
      ...telling,
      when: { field: 'event.enrichment.desk.status', op: 'equals', value: 'failed' },
      steps: [{ ...telling.steps[1], input: { text: '{{ event.enrichment.desk.error.code }}' } }],
    });
    stage.desk.next('context', fail);
    const id = await publish();
    await office.settled();
    expect(said()).toEqual([{ text: 'provider_unavailable' }]);
    expect(await enrichmentOf(id)).toMatchObject({ desk: { status: 'failed', data: null, error: { code: 'provider_unavailable' } } });
  });

  it('is not held up beyond its budget by one that takes no notice', async () => {
    await acme.enrichments.put('desk', { ...context, budgetMs: 500 });
    await acme.automations.put('all', { trigger: { event: 'order.placed' }, steps: [{ ...telling.steps[1], input: { text: 'on' } }] });
    stage.desk.next('context', () => new Promise(() => undefined));
    await publish();
    const working = office.hub.work({ until: 'idle' });
    await stage.clock.advance(499);
    expect(said()).toEqual([]);
    await stage.clock.advance(1);
    await working;
    await office.settled(0);
    expect(said()).toEqual([{ text: 'on' }]);
  });

  it('does not hold up others that are routed', async () => {
    await acme.enrichments.put('desk', { ...context, events: ['order.placed'], budgetMs: 5_000 });
    await acme.enrichments.put('quick', { ...context, events: ['order.cancelled'], budgetMs: 5_000 });
    const input = { text: '{{ event.type }}' };
    await acme.automations.put('placed', { trigger: { event: 'order.placed' }, steps: [{ ...telling.steps[1], input }] });
    await acme.automations.put('cancelled', { trigger: { event: 'order.cancelled' }, steps: [{ ...telling.steps[1], input }] });
    stage.desk.next('context', () => new Promise(() => undefined));
    await office.hub.start();
    const began = stage.clock.now();
    await publish();
    await advanceUntil(() => asked() === 1);
    await acme.events.publish('order.cancelled', { number: 'A-1' });
    await advanceUntil(() => said().length === 1);
    expect(said()).toEqual([{ text: 'order.cancelled' }]);
    expect(stage.clock.now() - began).toBeLessThan(5_000);
    await advanceUntil(() => said().length === 2);
    expect(said()).toEqual([{ text: 'order.cancelled' }, { text: 'order.placed' }]);
  });

  it('is not told more than 64 KiB, and what is no JSON', async () => {
    stage.desk.next(
      'context',
      () => 'x'.repeat(70_000),
      () => 1n,
    );
    const ids = [await publish('A-1'), await publish('A-2')];
    await office.settled();
    const codes = await Promise.all(ids.map(async (id) => (await enrichmentOf(id))?.['desk']?.error?.code));
    expect(codes.toSorted()).toEqual(['invalid_event', 'response_too_large']);
  });

  it('tells where its connection is not active', async () => {
    await acme.connections.disconnect('main');
    const id = await publish();
    await office.settled();
    expect(await enrichmentOf(id)).toMatchObject({ desk: { status: 'failed', error: { code: 'credential_missing' } } });
    expect(asked()).toBe(0);
  });

  it('asks nothing through a connection that is confined', async () => {
    const row = await stage.storage.configuration.find('acme', 'connection', 'desk/main');
    if (row === null) throw new Error('There is no connection.');
    const value = { ...row.value, confinedTo: { repository: ['acme/shop'] } };
    await stage.storage.configuration.write('acme', [{ put: 'connection', id: row.id, name: row.name, expect: row.version, value }]);
    const id = await publish();
    await office.settled();
    expect(await enrichmentOf(id)).toMatchObject({ desk: { status: 'failed', error: { code: 'resource_refused' } } });
    expect(asked()).toBe(0);
  });

  it('has what was found before, where two processes look', async () => {
    const other = stage.process();
    stage.desk.next('context', owned, () => ({ owner: 'grace' }));
    const id = await publish();
    await office.settled();
    await other.settled();
    expect(asked()).toBe(1);
    expect(await enrichmentOf(id)).toMatchObject({ desk: { data: { owner: 'ada' } } });
  });
});

describe('an enrichment over history', () => {
  const usual = { ...context, live: false };

  it('asks about events that are stored, in a window, and not twice', async () => {
    const first = await publish('A-1');
    await stage.clock.advance(10_000);
    const from = stage.clock.now();
    const ids = [await publish('A-2'), await publish('A-3')];
    await acme.events.publish('order.cancelled', { number: 'A-2' });
    await acme.enrichments.put('desk', { ...usual, events: ['order.placed'] });
    expect(await acme.enrichments.run('desk', { from, dryRun: true })).toEqual({
      seen: 2,
      skipped: 0,
      enriched: 2,
      failed: 0,
      cursor: null,
    });
    expect(asked()).toBe(0);
    stage.desk.next('context', owned, fail);
    expect(await acme.enrichments.run('desk', { from })).toEqual({ seen: 2, skipped: 0, enriched: 1, failed: 1, cursor: null });
    stage.desk.next('context', owned);
    expect(await acme.enrichments.run('desk', { from })).toEqual({ seen: 2, skipped: 1, enriched: 1, failed: 0, cursor: null });
    expect(asked()).toBe(3);
    for (const id of ids) expect(await enrichmentOf(id)).toMatchObject({ desk: { status: 'found', data: { owner: 'ada' } } });
    expect(await enrichmentOf(first)).toBeUndefined();
  });

  it('is bounded, and goes on behind its cursor', async () => {
    for (let number = 0; number < 7; number += 1) await publish(`A-${number}`);
    await acme.enrichments.put('desk', usual);
    const first = await acme.enrichments.run('desk', { limit: 3 });
    expect(first).toMatchObject({ seen: 3, enriched: 3 });
    expect(asked()).toBe(3);
    const second = await acme.enrichments.run('desk', { limit: 100, cursor: first.cursor });
    expect(second).toEqual({ seen: 4, skipped: 0, enriched: 4, failed: 0, cursor: null });
    await expect(acme.enrichments.run('desk', { limit: 0 })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('starts nothing, and looks at nothing that comes in', async () => {
    await acme.automations.put('telling', telling);
    await acme.enrichments.put('desk', usual);
    await publish();
    await office.settled();
    expect(asked()).toBe(0);
    stage.desk.next('context', owned);
    await acme.enrichments.run('desk');
    await office.settled();
    expect(said()).toEqual([]);
  });
});

describe('enrichments', () => {
  it.each([
    ['a member that there is not', { ...context, lvie: false }, 'An enrichment has no lvie; did you mean live?'],
    ['a connection that is not there', { ...context, connection: 'mian' }, 'asks through desk/mian, and there is no such connection'],
    ['an enricher that there is not', { ...context, enricher: 'desk.contxt' }, 'There is no enricher desk.contxt'],
  ])('are refused with %s', async (_what, input, message) => {
    await expect(acme.enrichments.put('desk', input)).rejects.toThrow(message);
  });

  it('are put by name, brought up to date, and deleted', async () => {
    expect(acme.enrichments.available().map(({ name }) => name)).toEqual(['desk.context']);
    const first = await acme.enrichments.put('desk', context);
    expect(first).toMatchObject({ name: 'desk', live: true, budgetMs: 2_000, events: ['order.*'] });
    expect(await acme.enrichments.put('desk', context)).toEqual(first);
    expect(await acme.enrichments.put('desk', { ...context, live: false })).toEqual({ ...first, live: false });
    expect(await acme.enrichments.list()).toHaveLength(1);
    await acme.enrichments.delete('desk');
    await expect(acme.enrichments.get('desk')).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['a-b', {}, 'invalid_argument'],
    ['__proto__', {}, 'invalid_argument'],
    ['desk', { enricher: 'desk.none' }, 'not_found'],
    ['desk', { enricher: 'constructor.constructor' }, 'not_found'],
    ['desk', { connection: 'nobody' }, 'not_found'],
    ['desk', { connection: 'chat/team' }, 'invalid_argument'],
    ['desk', { events: [] }, 'invalid_argument'],
    ['desk', { budgetMs: 20_000 }, 'invalid_argument'],
  ])('are refused: %s %j', async (name, more, code) => {
    await expect(acme.enrichments.put(name, { ...context, ...more })).rejects.toMatchObject({ code });
  });
});
