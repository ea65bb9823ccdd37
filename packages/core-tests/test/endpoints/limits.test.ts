import { createHub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EndpointStage, endpointStage, hostEvents, type OrderHub, waived } from './endpoint-stage.ts';
import { answering, type Receiver, startReceiver } from './receiver.ts';

const keys = { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') };

let receiver: Receiver;
let hubs: OrderHub[];
let storage: ReturnType<typeof memoryStorage>;

beforeEach(async () => {
  receiver = await startReceiver();
  storage = memoryStorage();
  hubs = [];
});
afterEach(async () => {
  await receiver.close();
  await Promise.all(hubs.map((hub) => hub.stop()));
  await storage.close();
});

/** A worker with the machine's clock. */
function worker(concurrency = 32): OrderHub {
  const hub: OrderHub = createHub({
    connectors: [],
    storage,
    events: hostEvents,
    publicUrl: 'https://host.example.com/hub',
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    loopbackOnly: true,
    worker: { concurrency, graceMs: 0 },
    keys: localKeys({ active: 'k1', keys }),
  });
  hubs.push(hub);
  return hub;
}

const at = (path: string) => ({ url: `${receiver.url}${path}`, events: ['order.*'], verification: 'dangerouslyWaived' }) as const;
const placeMany = (hub: OrderHub, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => hub.tenant('acme').events.publish('order.placed', { number: `A-${index}` })));

/** Resolves when a request has come that makes it true. */
const until = (holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const before = receiver.answer;
    receiver.answer = (request, response) => {
      before(request, response);
      if (holds()) resolve();
    };
    if (holds()) resolve();
  });

describe('an endpoint that hangs', () => {
  it('has ten deliveries under way, and all others receive theirs meanwhile', async () => {
    const hub = worker();
    await hub.tenant('acme').endpoints.put('hang', at('/hang'));
    for (let index = 0; index < 5; index += 1) await hub.tenant('acme').endpoints.put(`well-${index}`, at(`/well-${index}`));
    const hanging = (): number => receiver.requests.filter(({ path }) => path === '/hang').length;
    receiver.answer = ({ path }, response) => {
      if (path !== '/hang') response.writeHead(200).end();
    };
    const delivered = until(() => receiver.requests.length - hanging() === 5 * 30);
    await hub.start();
    await placeMany(hub, 30);
    await delivered;
    expect(hanging()).toBe(10);
  });
});

describe('a delivery that the hub itself has stopped', () => {
  it('says nothing about its endpoint: no failure counts, and it is tried again', async () => {
    const hub = worker();
    const { id } = await hub.tenant('acme').endpoints.put('shop', at('/shop'));
    receiver.answer = () => {};
    const begun = until(() => receiver.requests.length === 10);
    await Promise.all([hub.start(), placeMany(hub, 10), begun]);
    await hub.stop();
    expect(await storage.states.read('acme', `endpoint:${id}:health`)).toBeNull();
    expect(await storage.gates.list('acme')).toEqual([]);
    const acme = worker().tenant('acme');
    expect(await acme.endpoints.statistics('shop')).toMatchObject({ attempts: 0 });
    const { items } = await acme.dispatches.list();
    expect(items.map(({ status, error }) => [status, error?.code])).toEqual(Array(10).fill(['pending', 'aborted']));
  });
});

describe('the places of an endpoint', () => {
  it('are as many as it has over all processes, and none is left unused', async () => {
    const [first, second] = [worker(), worker()];
    await first.tenant('acme').endpoints.put('shop', { ...at('/shop'), maximumInFlight: 4 });
    let underWay = 0;
    let most = 0;
    receiver.answer = (_request, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      setImmediate(() => {
        underWay -= 1;
        response.writeHead(200).end();
      });
    };
    const delivered = until(() => receiver.requests.length === 60);
    await Promise.all([first.start(), second.start()]);
    await placeMany(first, 30);
    await placeMany(second, 30);
    await delivered;
    expect(most).toBeLessThanOrEqual(4);
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(60);
  });

  it('are given back when the hub stops', async () => {
    const hub = worker();
    await hub.tenant('acme').endpoints.put('shop', { ...at('/shop'), maximumInFlight: 1 });
    const other = worker();
    await Promise.all([hub.start(), placeMany(hub, 1), until(() => receiver.requests.length === 1)]);
    await hub.stop();
    const delivered = until(() => receiver.requests.length === 2);
    await Promise.all([other.start(), placeMany(other, 1), delivered]);
  });
});

describe('the only place of an endpoint', () => {
  let stage: EndpointStage;
  beforeEach(async () => {
    stage = await endpointStage();
  });
  afterEach(() => stage.close());

  it('is free again when a bounded turn has ended', async () => {
    const [office, other] = [stage.process(), stage.process()];
    await office.acme.endpoints.put('shop', { ...waived(stage), maximumInFlight: 1 });
    for (const each of [office, other, office]) {
      await each.acme.events.publish('order.placed', { number: 'A-1' });
      await each.settled();
    }
    expect(stage.receiver.requests).toHaveLength(3);
  });
});

describe('the rate of an endpoint', () => {
  let stage: EndpointStage;
  beforeEach(async () => {
    stage = await endpointStage();
  });
  afterEach(() => stage.close());

  it('is not exceeded in any second, and uses no attempts', async () => {
    const office = stage.process();
    await office.acme.endpoints.put('shop', { ...waived(stage), rate: 2, maximumInFlight: 4 });
    await Promise.all(Array.from({ length: 12 }, (_, index) => office.acme.events.publish('order.placed', { number: `A-${index}` })));
    stage.receiver.answer = answering(200);
    await office.settled(60_000);
    const seconds = stage.receiver.requests.map(({ headers }) => Number(headers['webhook-timestamp']));
    expect(seconds).toHaveLength(12);
    // Two begin in one second, and whatever comes two later begins in a later one, although four places are free at first.
    for (const [index, time] of seconds.entries()) expect(time - (seconds[index - 2] ?? 0)).toBeGreaterThanOrEqual(1);
    expect((await office.acme.dispatches.list()).items.every(({ attempts }) => attempts.length === 1)).toBe(true);
  });
});
