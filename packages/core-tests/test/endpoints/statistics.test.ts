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

const minute = 60_000;
const day = 24 * 60 * minute;

/** Publishes and delivers one by one, each answered with the status; what fails is tried again later. */
async function deliver(statuses: readonly number[], process: OrderProcess = office): Promise<void> {
  for (const status of statuses) {
    stage.receiver.answer = answering(status);
    await process.acme.events.publish('order.placed', { number: 'A-1' });
    await process.settled();
  }
}

const twice = (statuses: readonly number[], times: number) => Array.from({ length: times }, () => statuses).flat();

describe('the statistics of an endpoint', () => {
  it('tell attempts, success rate and latency by day and by type', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    stage.receiver.answer = (_request, response) => void stage.clock.advance(100).then(() => response.end('ok'));
    await office.acme.events.publish('order.placed', { number: 'A-1' });
    await office.settled();
    await deliver([500, 500, 200]);
    await stage.clock.advance(day);
    stage.receiver.answer = answering(200);
    await office.acme.events.publish('order.shipped', { number: 'A-1' });
    await office.settled();
    const told = await office.acme.endpoints.statistics('shop');
    // The two that had failed were tried again on the second day.
    expect(told).toMatchObject({ attempts: 7, succeeded: 5, failed: 2, successRate: 5 / 7 });
    expect(told.types.map(({ type, attempts, succeeded }) => [type, attempts, succeeded])).toEqual([
      ['order.placed', 6, 4],
      ['order.shipped', 1, 1],
    ]);
    const [first, second] = told.days;
    expect(first).toMatchObject({ day: '2026-01-01', attempts: 4, succeeded: 2, failed: 2, successRate: 0.5 });
    expect(second).toMatchObject({
      day: '2026-01-02',
      attempts: 3,
      types: [{ type: 'order.placed', succeeded: 2 }, { type: 'order.shipped' }],
    });
    // One of four took 100 ms, which lies between 80 and 160; the others no time.
    expect(first?.latency).toEqual({ p50: 3, p95: 144, p99: 157 });
    const today = await office.acme.endpoints.statistics('shop', { from: stage.clock.now() });
    expect(today).toMatchObject({ attempts: 3, successRate: 1 });
    await expect(office.acme.endpoints.statistics('shop', { from: 2, to: 1 })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('have no latency of attempts that reached nothing, and nothing of an endpoint that nothing went to', async () => {
    await office.acme.endpoints.put('gone', { ...waived(stage), url: 'http://127.0.0.1:1/hook' });
    await office.acme.endpoints.put('idle', { ...waived(stage), events: ['stock.*'] });
    await deliver([200]);
    expect(await office.acme.endpoints.statistics('gone')).toMatchObject({ attempts: 1, failed: 1, successRate: 0, latency: null });
    expect(await office.acme.endpoints.statistics('idle')).toEqual({
      ...{ attempts: 0, succeeded: 0, failed: 0, successRate: null, latency: null },
      ...{ types: [], days: [] },
    });
  });

  it('count made-up types by name up to a bound, and those beyond it together', async () => {
    await office.acme.endpoints.put('shop', { ...waived(stage), maximumInFlight: 50 });
    for (let index = 0; index < 210; index += 1) await office.acme.endpoints.sendTest('shop', { type: `made.up.n${index}` });
    await office.settled(5 * minute);
    const { types, attempts } = await office.acme.endpoints.statistics('shop');
    expect(attempts).toBe(210);
    expect(types).toHaveLength(201);
    expect(types[0]).toMatchObject({ type: '*', attempts: 10 });
  });

  it('are counted in storage, whatever becomes of the process, and raise no revision', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    const before = await stage.storage.configuration.revision('acme');
    await deliver([200, 500]);
    await office.hub.stop();
    expect(await stage.process().acme.endpoints.statistics('shop')).toMatchObject({ attempts: 2, succeeded: 1 });
    expect(await stage.storage.configuration.revision('acme')).toEqual(before);
  });
});

describe('an endpoint at which most attempts fail', () => {
  it('is told of once over all processes, once when it recovers, and once more when it fails again', async () => {
    const other = stage.process();
    const told = (name: 'endpoint.failing' | 'endpoint.recovered') => [...office.notices(name), ...other.notices(name)];
    const { id } = await office.acme.endpoints.put('shop', waived(stage));
    await deliver(twice([500, 200], 5), other);
    await deliver([...twice([500, 200], 4), 500]);
    expect(told('endpoint.failing')).toEqual([]);
    await deliver([500], other);
    expect(told('endpoint.failing')).toMatchObject([{ tenant: 'acme', endpointId: id, name: 'shop', attempts: 20, failed: 11 }]);
    await deliver([500, 500]);
    await deliver([500], other);
    expect(told('endpoint.failing')).toHaveLength(1);
    expect(await office.hub.operator({ actor: 'grace', reason: 'a look' }).tenant('acme').health()).toMatchObject({
      endpoints: { total: 1, disabled: 0, unverified: 0, failing: 1 },
    });
    await stage.clock.advance(11 * minute);
    await deliver([200]);
    expect(told('endpoint.recovered')).toMatchObject([{ endpointId: id, failed: 0 }]);
    await stage.clock.advance(11 * minute);
    await deliver([...twice([500, 200], 10), 500], other);
    expect(told('endpoint.failing')).toHaveLength(2);
    expect(told('endpoint.recovered')).toHaveLength(1);
  });

  it('is forgotten with the endpoint', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    await deliver([500]);
    await office.acme.endpoints.delete('shop');
    expect((await stage.storage.states.list('acme', 'delivery-window:', { cursor: null, limit: 10 })).entries).toEqual([]);
  });
});
