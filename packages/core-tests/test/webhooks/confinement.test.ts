import { signWebhook } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bellConnector, bellScheme } from './bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, eventsOf, ring, secret, settle } from './bell-stage.ts';

const connector = bellConnector({ confinable: true });

let stage: BellStage;
/** Where things are changed. */
let office: BellProcess;
/** Where deliveries come in; it learns of a change only from the store. */
let door: BellProcess;

beforeEach(() => {
  stage = bellStage();
  office = stage.process({ connector });
  door = stage.process({ connector });
});
afterEach(() => stage.close());

/** A registration of a connection that is confined to these tones. */
async function confinedTo(tones: readonly string[] | null) {
  const settled = await settle(office);
  await settled.handle.connections.update('main', { confinedTo: tones && { tone: tones } });
  return settled;
}

const countOf = (registration: string, what: string) =>
  stage.storage.counters.read({ tenant: 'acme', name: `webhook:${registration}:${what}`, fromDay: '2026-01-01', toDay: '2026-01-01' });

describe('a connection that is confined', () => {
  it('takes in what is of a resource that it is confined to', async () => {
    const { registration } = await confinedTo(['c', 'D']);
    for (const tone of ['c', 'C', 'd']) expect((await door.send(registration.url, ring({ body: { tone } }))).status).toBe(202);
    expect((await eventsOf(office)).map(({ data }) => data)).toEqual([{ tone: 'd' }, { tone: 'C' }, { tone: 'c' }]);
    expect(door.dropped).toEqual([]);
  });

  it('drops what is of another, answers as if it had taken it in, counts it and tells the host without its name', async () => {
    const { registration, connection } = await confinedTo(['c']);
    const taken = await door.send(registration.url, ring({ body: { tone: 'c' } }));
    const dropped = await door.send(registration.url, ring({ body: { tone: 'e' } }));
    expect({ ...dropped, headers: {} }).toEqual({ ...taken, headers: {} });
    expect(await eventsOf(office)).toHaveLength(1);
    await stage.clock.advance(1_000);
    expect(await Promise.all(['received', 'confined', 'failed', 'invalid'].map((what) => countOf(registration.id, what)))).toEqual([
      1, 1, 0, 0,
    ]);
    expect([door.received.length, door.failed]).toEqual([1, []]);
    const at = stage.clock.now() - 1_000;
    const place = { tenant: 'acme', registrationId: registration.id, connectionId: connection.id };
    expect(door.dropped).toEqual([{ ...place, triggerId: 'rung', resource: 'tone', at }]);
  });

  it('drops what cannot be told: a name that is none, and a trigger of which the connector says nothing', async () => {
    const { registration } = await confinedTo(['c']);
    const events = [
      { trigger: 'rung', data: { tone: '' } },
      { trigger: 'rung', data: { tone: 'c\n' } },
      { trigger: 'rung', data: { tone: 'ｃ' } },
      { trigger: 'muted', data: { tone: 'c' } },
    ];
    expect((await door.send(registration.url, ring({ body: { events } }))).status).toBe(202);
    expect(await eventsOf(office)).toEqual([]);
    expect(door.dropped.map(({ triggerId }) => triggerId)).toEqual(['rung', 'rung', 'rung', 'muted']);
  });

  it('takes in what touches none, and of a delivery of several events those that it may', async () => {
    const { registration } = await confinedTo(['c']);
    const events = [
      { trigger: 'rung', data: { tone: 'e' } },
      { trigger: 'wound', data: { tone: 'e' } },
      { trigger: 'rung', data: { tone: 'c' } },
    ];
    expect((await door.send(registration.url, ring({ body: { events } }))).status).toBe(202);
    expect((await eventsOf(office)).map(({ type }) => type).sort()).toEqual(['bell.rung', 'bell.wound']);
  });

  it('reads the name that automations read, where a body says it twice', async () => {
    const { registration } = await confinedTo(['c']);
    const send = (id: string, body: string) =>
      door.send(registration.url, { body, headers: { 'x-bell-delivery': id, ...signWebhook(bellScheme, { secret, body }) } });
    await send('one', '{"tone":"c","tone":"e"}');
    await send('two', '{"tone":"e","tone":"c"}');
    await send('three', '{"t\\u006fne":"e","tone":"c","__proto__":{"tone":"e"}}');
    expect((await eventsOf(office)).map(({ data }) => data)).toEqual(expect.not.arrayContaining([expect.objectContaining({ tone: 'e' })]));
    expect(await eventsOf(office)).toHaveLength(door.received.length);
  });

  it('with no names at all takes in nothing', async () => {
    const { registration } = await confinedTo([]);
    await door.send(registration.url, ring());
    expect([await eventsOf(office), door.dropped.length]).toEqual([[], 1]);
  });

  it('keeps others of the same account apart: each takes in what is its own', async () => {
    const app = stage.process({ connector: bellConnector({ confinable: true, accounts: true }), appSecrets: secret });
    for (const [tenant, tone] of [
      ['acme', 'c'],
      ['other', 'd'],
      ['third', 'e'],
    ] as const)
      await app.hub.tenant(tenant).connections.put('main', {
        connector: 'bell',
        credential: { type: 'none' },
        externalAccount: { id: 'T1' },
        confinedTo: { tone: [tone] },
      });
    expect((await app.send('https://host.example.com/hub/webhooks/bell', ring({ body: { account: 'T1', tone: 'd' } }))).status).toBe(202);
    const counts = await Promise.all(['acme', 'other', 'third'].map(async (tenant) => (await eventsOf(app, tenant)).length));
    expect(counts).toEqual([0, 1, 0]);
    expect(app.dropped.map(({ tenant }) => tenant).sort()).toEqual(['acme', 'third']);
  });
});

describe('a change of the confinement', () => {
  it('holds for every event committed afterwards, in a process that has not heard of it', async () => {
    const { registration, handle } = await confinedTo(null);
    expect((await door.send(registration.url, ring())).status).toBe(202);
    await handle.connections.update('main', { confinedTo: { tone: ['e'] } });
    const answers = await Promise.all(Array.from({ length: 50 }, () => door.send(registration.url, ring())));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect([(await eventsOf(office)).length, door.dropped.length]).toEqual([1, 50]);
    await handle.connections.update('main', { confinedTo: null });
    await door.send(registration.url, ring());
    expect(await eventsOf(office)).toHaveLength(2);
  });

  it('holds for a delivery that was let in a moment before its commit', async () => {
    const { registration, handle } = await confinedTo(null);
    let narrowed: Promise<unknown> | undefined;
    const late = stage.process({
      connector,
      storage: {
        ...stage.storage,
        async ingest(items) {
          narrowed ??= handle.connections.update('main', { confinedTo: { tone: ['e'] } });
          await narrowed;
          return stage.storage.ingest(items);
        },
      },
    });
    expect((await late.send(registration.url, ring())).status).toBe(202);
    expect([await eventsOf(office), late.dropped.length]).toEqual([[], 1]);
  });

  it('lets in what was dropped before when it is sent again', async () => {
    const { registration, handle } = await confinedTo(['e']);
    const delivery = ring({ id: 'again' });
    await door.send(registration.url, delivery);
    await handle.connections.update('main', { confinedTo: { tone: ['c'] } });
    await door.send(registration.url, delivery);
    expect(await eventsOf(office)).toHaveLength(1);
    expect(door.received).toMatchObject([{ duplicate: false }]);
  });

  it('touches no other tenant and no other connection', async () => {
    const { handle } = await confinedTo(['e']);
    const other = await settle(office, 'other');
    await handle.connections.put('second', { connector: 'bell', credential: { type: 'none' } });
    const second = await handle.webhooks.register({ connection: 'second', secret });
    await door.send(other.registration.url, ring());
    await door.send(second.url, ring());
    expect([await eventsOf(office, 'other'), await eventsOf(office)].map(({ length }) => length)).toEqual([1, 1]);
  });
});
