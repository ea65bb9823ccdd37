import { signWebhook } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bellScheme } from './bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, eventsOf, ring, secret, settle } from './bell-stage.ts';

let stage: BellStage;
let process: BellProcess;

beforeEach(() => {
  stage = bellStage();
  process = stage.process();
});
afterEach(() => stage.close());

describe('I5 a delivery that comes more than once', () => {
  it('makes one event of 100 copies at a time, in two processes, and every copy is acknowledged', async () => {
    const { registration } = await settle(process);
    const other = stage.process();
    const delivery = ring();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, number) => (number % 2 ? process : other).send(registration.url, delivery)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const [event, ...more] = await eventsOf(process);
    expect(more).toEqual([]);
    const told = [...process.received, ...other.received];
    expect(told.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(new Set(told.map(({ eventId }) => eventId))).toEqual(new Set([event?.id]));
  });

  it('is the same delivery although its body is another', async () => {
    const { registration } = await settle(process);
    await process.send(registration.url, ring({ id: 'one', body: { tone: 'c' } }));
    expect((await process.send(registration.url, ring({ id: 'one', body: { tone: 'd' } }))).status).toBe(202);
    expect(await eventsOf(process)).toHaveLength(1);
  });

  it('is another delivery where its id is another, although bytes and signature are the same: the id is not signed', async () => {
    const { registration } = await settle(process);
    const delivery = ring({ id: 'one' });
    for (const id of ['one', 'two', 'one'])
      await process.send(registration.url, { ...delivery, headers: { ...delivery.headers, 'x-bell-delivery': id } });
    expect(await eventsOf(process)).toHaveLength(2);
  });

  it('is another delivery at another registration, connection or tenant', async () => {
    const { handle, registration } = await settle(process);
    await handle.connections.put('second', { connector: 'bell', credential: { type: 'none' } });
    const second = await handle.webhooks.register({ connection: 'second', secret: 'a-bell-secret' });
    const narrow = await handle.webhooks.register({ connection: 'main', secret: 'a-bell-secret', trigger: 'rung' });
    const other = await settle(process, 'other');
    for (const { url } of [registration, second, narrow, other.registration])
      expect((await process.send(url, ring({ id: 'one' }))).status).toBe(202);
    expect(await eventsOf(process)).toHaveLength(3);
    expect(await eventsOf(process, 'other')).toHaveLength(1);
  });

  it('cannot be made to look like an event of another delivery, or like one of the host', async () => {
    const { registration, handle } = await settle(process);
    const two = { events: [1, 2].map((number) => ({ trigger: 'rung', data: { tone: `${number}` } })) };
    await process.send(registration.url, ring({ id: 'a', body: two }));
    for (const id of ['a#0', 'a#1', 'a#', '#a', 'a#0#0']) await process.send(registration.url, ring({ id }));
    expect(await eventsOf(process)).toHaveLength(7);
    const connection = (await handle.connections.get('main')).id;
    await process.send(registration.url, ring({ id: `${connection}:a#0` }));
    expect(await eventsOf(process)).toHaveLength(8);
  });

  it('makes each of its events once, whichever of them were committed before', async () => {
    const { registration } = await settle(process);
    const events = [1, 2, 3].map((number) => ({ trigger: number === 2 ? 'muted' : 'rung', data: { tone: `${number}` } }));
    const delivery = ring({ id: 'three', body: { events } });
    await Promise.all([process.send(registration.url, delivery), process.send(registration.url, delivery)]);
    expect((await eventsOf(process)).map(({ type }) => type).sort()).toEqual(['bell.muted', 'bell.rung', 'bell.rung']);
  });
});

it('a delivery of triggers that are not wanted is acknowledged and makes no event', async () => {
  const { registration } = await settle(process, 'acme', 'muted');
  expect((await process.send(registration.url, ring())).status).toBe(202);
  expect(await eventsOf(process)).toEqual([]);
  await stage.clock.advance(1_000);
  const name = `webhook:${registration.id}:ignored`;
  expect(await stage.storage.counters.read({ tenant: 'acme', name, fromDay: '2026-01-01', toDay: '2026-01-01' })).toBe(1);
});

it('what is told of a delivery names its registration, its connection and its event, also when it comes again', async () => {
  const { connection, registration } = await settle(process);
  const delivery = ring();
  await process.send(registration.url, delivery);
  await stage.clock.advance(1_000);
  await process.send(registration.url, delivery);
  const [event] = await eventsOf(process);
  const same = {
    tenant: 'acme',
    registrationId: registration.id,
    connectionId: connection.id,
    connectorId: 'bell',
    triggerId: 'rung',
    eventId: event?.id,
    verified: true,
  };
  const at = stage.clock.now();
  expect(process.received).toEqual([
    { ...same, duplicate: false, at: at - 1_000 },
    { ...same, duplicate: true, at },
  ]);
});

it('an event is kept with the delivery that brought it, and with its body to the last byte', async () => {
  const { handle, registration } = await settle(process);
  const spaced = '{ "tone" : "c" }';
  const headers = { 'x-bell-delivery': 'whole', ...signWebhook(bellScheme, { secret, body: spaced }) };
  await process.send(registration.url, { headers, body: spaced });
  const part = ring({ id: 'part', body: { events: [{ trigger: 'muted', data: { tone: 'd' } }] } });
  await process.send(registration.url, part);
  const found = (await handle.events.list()).items.toReversed();
  expect(found.map(({ event, receipt, original }) => [event.data, receipt, original && Buffer.from(original).toString()])).toEqual([
    [{ tone: 'c' }, { registration: registration.id, deliveryId: 'whole' }, spaced],
    [{ tone: 'd' }, { registration: registration.id, deliveryId: 'part' }, part.body],
  ]);
});

it('a bounded turn writes down what was counted before it ends', async () => {
  const { registration } = await settle(process, 'acme', 'muted');
  await process.send(registration.url, ring());
  const read = () =>
    stage.storage.counters.read({ tenant: 'acme', name: `webhook:${registration.id}:ignored`, fromDay: '2026-01-01', toDay: '2026-01-01' });
  expect(await read()).toBe(0);
  await process.hub.work();
  expect(await read()).toBe(1);
});

it('a time or subject that no store could hold does not keep an event out', async () => {
  const { registration } = await settle(process);
  const events = [1e300, -1e300, 1.5, Number.MAX_SAFE_INTEGER].map((time) => ({
    trigger: 'rung',
    data: { tone: 'c' },
    time,
    subject: `a\u0000b\n${'x'.repeat(1_000)}`,
  }));
  expect((await process.send(registration.url, ring({ body: { events } }))).status).toBe(202);
  const stored = await eventsOf(process);
  expect(stored).toHaveLength(4);
  for (const { subject, time } of stored) {
    expect(subject).toBe(`ab${'x'.repeat(498)}`);
    expect(Number.isNaN(Date.parse(String(time)))).toBe(false);
  }
});

it('an event is acknowledged only after its commit', async () => {
  const { registration } = await settle(process);
  const committed = Promise.withResolvers<void>();
  const slow = stage.process({
    storage: {
      ...stage.storage,
      async ingest(items) {
        await committed.promise;
        return stage.storage.ingest(items);
      },
    },
  });
  let answered = false;
  const answer = slow.send(registration.url, ring()).then((given) => {
    answered = true;
    return given;
  });
  await stage.clock.settle();
  expect(answered).toBe(false);
  committed.resolve();
  expect((await answer).status).toBe(202);
  expect(await eventsOf(process)).toHaveLength(1);
});

it('a store that is away gets no acknowledgement, and the repeat is taken', async () => {
  const { registration } = await settle(process);
  let away = true;
  const broken = stage.process({
    storage: { ...stage.storage, ingest: (items) => (away ? Promise.reject(new Error('away')) : stage.storage.ingest(items)) },
  });
  const delivery = ring();
  expect((await broken.send(registration.url, delivery)).status).toBe(500);
  away = false;
  expect((await broken.send(registration.url, delivery)).status).toBe(202);
  expect(await eventsOf(process)).toHaveLength(1);
});
