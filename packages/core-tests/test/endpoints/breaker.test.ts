import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EndpointStage, endpointStage, type OrderProcess, waived } from './endpoint-stage.ts';
import { answering } from './receiver.ts';

let stage: EndpointStage;
let office: OrderProcess;

beforeEach(async () => {
  stage = await endpointStage();
  office = stage.process();
});
afterEach(() => stage.close());

const second = 1_000;
const hour = 3_600 * second;
const day = 24 * hour;

const place = (number = 'A-1') => office.acme.events.publish('order.placed', { number });
const placeMany = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => place(`A-${index}`)));
const count = (): number => stage.receiver.requests.length;
const gates = async () => (await stage.storage.gates.list('acme')).map(({ reason, until }) => [reason, (until ?? 0) - stage.clock.now()]);

describe('the breaker of an endpoint', () => {
  it('opens after at most 20 failures, and lets one delivery through to try it', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    stage.receiver.answer = answering(500);
    await placeMany(60);
    await office.settled();
    const opened = count();
    expect(opened).toBeGreaterThanOrEqual(10);
    expect(opened).toBeLessThanOrEqual(20);
    expect(await gates()).toEqual([['breaker', 30 * second]]);
    await stage.clock.advance(30 * second);
    await office.settled();
    expect(count()).toBe(opened + 1);
    // A trial that fails keeps it open for twice as long.
    expect(await gates()).toEqual([['breaker', 60 * second]]);
    stage.receiver.answer = answering(200);
    await office.settled(hour);
    expect(await gates()).toEqual([]);
    const { items } = await office.acme.dispatches.list({ limit: 100 });
    expect(items.filter(({ status }) => status !== 'succeeded')).toEqual([]);
    expect(await stage.storage.states.list('acme', 'endpoint:', { cursor: null, limit: 10 })).toEqual({ entries: [], cursor: null });
  });

  it('lets one delivery through over all processes', async () => {
    const other = stage.process();
    await office.acme.endpoints.put('shop', waived(stage));
    stage.receiver.answer = answering(500);
    await placeMany(40);
    await Promise.all([office.settled(), other.settled()]);
    const opened = count();
    expect(opened).toBeLessThanOrEqual(20);
    await stage.clock.advance(30 * second);
    await Promise.all([office.settled(), other.settled()]);
    expect(count()).toBe(opened + 1);
  });

  it('opens again after three failures more where its trial was a stroke of luck', async () => {
    await office.acme.endpoints.put('shop', { ...waived(stage), maximumInFlight: 1 });
    stage.receiver.answer = answering(500);
    await placeMany(40);
    await office.settled(15 * second);
    expect(await gates()).toMatchObject([['breaker', expect.any(Number)]]);
    const opened = count();
    let isFirst = true;
    stage.receiver.answer = (request, response) => {
      answering(isFirst ? 200 : 500)(request, response);
      isFirst = false;
    };
    await stage.clock.advance(30 * second);
    await office.settled(20 * second);
    expect(count()).toBe(opened + 4);
  });

  it('is of its endpoint alone', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    await office.acme.endpoints.put('well', waived(stage, '/well'));
    stage.receiver.answer = (request, response) => answering(request.path === '/well' ? 200 : 500)(request, response);
    await placeMany(40);
    await office.settled(10 * second);
    expect(stage.receiver.requests.filter(({ path }) => path === '/well')).toHaveLength(40);
  });
});

describe('an endpoint that asks for less', () => {
  it.each([429, 503])('by %s is left alone as long as it says, at most an hour', async (status) => {
    await office.acme.endpoints.put('shop', { ...waived(stage), maximumInFlight: 1 });
    stage.receiver.answer = answering(status, { 'retry-after': '120' });
    await placeMany(5);
    await office.settled();
    expect(count()).toBe(1);
    expect(await gates()).toEqual([['rate_limited', 120 * second]]);
    await stage.clock.advance(120 * second);
    stage.receiver.answer = answering(status, { 'retry-after': '86400' });
    await office.settled();
    expect(count()).toBe(2);
    expect(await gates()).toEqual([['rate_limited', hour]]);
  });

  it('without saying how long is left alone for longer each time', async () => {
    await office.acme.endpoints.put('shop', { ...waived(stage), maximumInFlight: 1 });
    stage.receiver.answer = answering(503);
    await placeMany(5);
    const waits: unknown[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      await office.settled();
      const [gate] = await gates();
      waits.push(gate?.[1]);
      await stage.clock.advance(Number(gate?.[1]));
    }
    expect(waits).toEqual([5, 10, 20, 40].map((seconds) => seconds * second));
  });

  it('with another failure and a time has that delivery wait, and no other', async () => {
    await office.acme.endpoints.put('shop', { ...waived(stage), maximumInFlight: 1 });
    stage.receiver.answer = answering(500, { 'retry-after': '120' });
    await placeMany(3);
    await office.settled(60 * second);
    expect(count()).toBe(3);
    expect(await gates()).toEqual([]);
    await office.settled(122 * second);
    expect(count()).toBe(6);
  });
});

describe('an endpoint that is gone', () => {
  it('by its 410 is disabled at once, with a notice and a record, and its delivery is dead', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    stage.receiver.answer = answering(410);
    await place();
    await office.settled();
    await place('later');
    await office.settled(day);
    expect(count()).toBe(1);
    expect(await office.acme.endpoints.get('shop')).toMatchObject({ status: 'disabled', disabled: { reason: 'gone' } });
    expect(office.notices('endpoint.disabled')).toMatchObject([{ tenant: 'acme', name: 'shop', reason: 'gone' }]);
    expect((await office.acme.dispatches.list()).items).toMatchObject([{ status: 'dead' }]);
    const acts = (await office.acme.audit.list()).items.filter(({ action }) => action === 'endpoint.change');
    expect(acts).toMatchObject([{ actor: { kind: 'system' } }]);
  });

  it('for five days is disabled, and begins anew when it is enabled', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    stage.receiver.answer = answering(500);
    for (let days = 0; days < 5; days += 1) {
      await place();
      await office.settled(hour);
      expect((await office.acme.endpoints.get('shop')).status).toBe('active');
      await stage.clock.advance(day);
    }
    await place();
    await office.settled(hour);
    expect(await office.acme.endpoints.get('shop')).toMatchObject({ status: 'disabled', disabled: { reason: 'failing' } });
    expect(office.notices('endpoint.disabled')).toMatchObject([{ reason: 'failing' }]);
    await office.acme.endpoints.enable('shop');
    expect(await gates()).toEqual([]);
    expect(await stage.storage.states.list('acme', 'endpoint:', { cursor: null, limit: 10 })).toEqual({ entries: [], cursor: null });
    await office.settled(hour);
    expect((await office.acme.endpoints.get('shop')).status).toBe('active');
    expect(office.notices('endpoint.disabled')).toHaveLength(1);
  });

  it('is forgiven before its lane opens, and its next trouble is told of, when it is enabled', async () => {
    const { states, gates: lanes } = stage.storage;
    const kept = async () =>
      (await states.list('acme', '', { cursor: null, limit: 10 })).entries.filter(({ name }) => !name.startsWith('error:')).length;
    const left: number[] = [];
    const open: typeof lanes.open = async (openings) => {
      if (openings.some(({ reason }) => reason === 'disabled')) left.push(await kept());
      await lanes.open(openings);
    };
    const worker = stage.process({ storage: { ...stage.storage, gates: { ...lanes, open } } });
    const { endpoints, events } = worker.acme;
    await endpoints.put('shop', { ...waived(stage), maximumInFlight: 30 });
    stage.receiver.answer = answering(500);
    for (let turn = 0; turn < 2; turn += 1) {
      await Promise.all(Array.from({ length: 30 }, (_, index) => events.publish('order.placed', { number: `A-${index}` })));
      await worker.settled(2 * second);
      expect(worker.notices('endpoint.failing')).toHaveLength(turn + 1);
      expect(await kept()).toBe(2);
      await endpoints.disable('shop');
      await endpoints.enable('shop');
    }
    expect(left.slice(-1)).toEqual([0]);
  });

  it('is not disabled by two failures with a week of nothing between them', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    stage.receiver.answer = answering(500);
    await place();
    await office.settled();
    const [{ id } = { id: '' }] = (await office.acme.dispatches.list()).items;
    await office.acme.dispatches.cancel(id);
    await stage.clock.advance(7 * day);
    await place();
    await office.settled();
    expect((await office.acme.endpoints.get('shop')).status).toBe('active');
  });
});
