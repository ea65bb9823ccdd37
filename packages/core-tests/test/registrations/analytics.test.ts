import { signatures } from '@patchbay/core';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { bellScheme } from '../webhooks/bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, ring, settle } from '../webhooks/bell-stage.ts';

let stage: BellStage;
let process: BellProcess;

beforeEach(() => {
  stage = bellStage();
  process = stage.process();
  const set = stage;
  onTestFinished(() => set.close());
});

/** Lets a second pass, after which counts are written. */
async function written(): Promise<void> {
  await stage.clock.advance(1_000);
  await stage.clock.settle();
}

const oneEvent = (time: number) => ({ events: [{ trigger: 'rung', data: { tone: 'c' }, time }] });

describe('what has come to a registration', () => {
  it('is counted by what became of it, with the last event and the last failure', async () => {
    const { handle, registration } = await settle(process, 'acme', 'rung');
    const { url, id } = registration;
    const first = ring();
    for (const request of [first, first, ring({ secret: 'wrong-secret' }), ring({ body: { events: [] } }), ring({ body: 'no object' })])
      await process.send(url, request);
    await written();
    const detail = await handle.webhooks.get(id);
    expect(detail.counts).toMatchObject({ received: 1, duplicate: 1, ignored: 1, refused: 1, kept: 1, failed: 0, verified: 4 });
    const [event] = (await handle.events.list()).items;
    expect(detail.lastReceived).toEqual({ at: Date.UTC(2026, 0, 1), eventId: event?.event.id, type: 'bell.rung' });
    expect(detail.lastFailed).toMatchObject({ at: Date.UTC(2026, 0, 1), reason: null });
  });

  it('says why the last one was refused, which the sender is not told', async () => {
    const { handle, registration } = await settle(process);
    await process.send(registration.url, ring({ secret: 'wrong-secret' }));
    await written();
    expect((await handle.webhooks.get(registration.id)).lastFailed).toMatchObject({ code: 'signature_refused', reason: 'signature_wrong' });
  });

  it('raises no revision, so that nothing that is being planned is planned again', async () => {
    const { registration } = await settle(process);
    const before = await stage.storage.configuration.revision('acme');
    for (let each = 0; each < 5; each += 1) await process.send(registration.url, ring());
    await written();
    expect(await stage.storage.configuration.revision('acme')).toEqual(before);
  });

  it('is forgotten with the registration, and is nobody else’s', async () => {
    const { handle, registration } = await settle(process);
    const other = await settle(process, 'rival');
    await process.send(registration.url, ring());
    await written();
    expect(await other.handle.webhooks.get(other.registration.id)).toMatchObject({ counts: { received: 0 }, lastReceived: null });
    await handle.webhooks.unregister(registration.id);
    const page = await stage.storage.states.list('acme', 'registration:', { cursor: null, limit: 10 });
    expect(page.entries).toEqual([]);
  });
});

describe('analytics', () => {
  it('tell of each day and each registration, and of the window alone', async () => {
    const { handle, registration } = await settle(process, 'acme', 'rung');
    const second = await handle.webhooks.register({ connection: 'main', trigger: 'wound', secret: 'a-bell-secret' });
    await process.send(registration.url, ring());
    await written();
    await stage.clock.advance(86_400_000);
    for (let each = 0; each < 2; each += 1) await process.send(registration.url, ring());
    await process.send(second.url, ring());
    await written();
    const all = await handle.webhooks.analytics();
    expect(all.counts).toMatchObject({ received: 3, ignored: 1, verified: 4 });
    expect(all.days.map(({ day, counts }) => [day, counts.received])).toEqual([
      ['2026-01-01', 1],
      ['2026-01-02', 2],
    ]);
    expect(all.registrations.map((each) => [each.registration, each.connector, each.counts.received])).toEqual([
      [registration.id, 'bell', 3],
      [second.id, 'bell', 0],
    ]);
    expect((await handle.webhooks.analytics({ from: stage.clock.now() })).counts.received).toBe(2);
    expect((await handle.webhooks.analytics({ registration: second.id })).counts).toMatchObject({ received: 0, ignored: 1 });
    expect((await handle.webhooks.analytics({ connector: 'whistle' })).counts.verified).toBe(0);
    expect((await handle.webhooks.analytics({ connector: 'bell' })).counts.verified).toBe(4);
    await expect(handle.webhooks.analytics({ from: 2, to: 1 })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('tell of a registration that has ended, and of which connector it was', async () => {
    const { handle, registration } = await settle(process, 'acme', 'rung');
    await process.send(registration.url, ring());
    await written();
    const sentOn = stage.clock.now();
    await stage.clock.advance(2 * 86_400_000);
    await handle.webhooks.unregister(registration.id);
    const second = await handle.webhooks.register({ connection: 'main', trigger: 'rung', secret: 'a-bell-secret' });
    await process.send(second.url, ring());
    await written();
    const named = (analytics: Awaited<ReturnType<typeof handle.webhooks.analytics>>) =>
      analytics.registrations.map((each) => [each.registration, each.connector, each.counts.received]).sort();
    const both = [
      [registration.id, 'bell', 1],
      [second.id, 'bell', 1],
    ].sort();
    expect(named(await handle.webhooks.analytics())).toEqual(both);
    expect(named(await handle.webhooks.analytics({ connector: 'bell' }))).toEqual(both);
    expect(named(await handle.webhooks.analytics({ connector: 'bell', to: sentOn + 1 }))).toEqual([[registration.id, 'bell', 1]]);
    expect((await handle.webhooks.analytics({ connector: 'whistle' })).registrations).toEqual([]);
    expect((await process.hub.tenant('rival').webhooks.analytics()).registrations).toEqual([]);
  });

  it('tell of a receiver, each by itself and of no connector', async () => {
    const { receivers, webhooks } = process.hub.tenant('acme');
    const secret = 'a-bell-secret';
    const puts = [await receivers.put('shop', { scheme: bellScheme, secret, deliveryId: 'body' })];
    puts.push(await receivers.put('till', { scheme: bellScheme, secret, deliveryId: 'body' }));
    for (const { url } of [...puts, ...puts.slice(1)]) await process.send(url, ring({ body: { at: url } }));
    await written();
    const { counts, registrations } = await webhooks.analytics();
    expect(counts).toMatchObject({ received: 2, duplicate: 1 });
    const told = registrations.map((each) => [each.registration, each.connector, each.counts.received, each.counts.duplicate]).sort();
    expect(told).toEqual(puts.map(({ id }, at) => [`receiver:${id}`, null, 1, at]).sort());
    expect((await webhooks.analytics({ registration: `receiver:${puts[0]?.id}` })).counts).toMatchObject({ received: 1, duplicate: 0 });
  });

  it('tell how long events were on their way, in buckets', async () => {
    const { handle, registration } = await settle(process);
    const now = stage.clock.now();
    for (const age of [0, 900, 4_000, 20_000, 200_000, 3_000_000, 90_000_000])
      await process.send(registration.url, ring({ body: oneEvent(now - age) }));
    // One that says no time is timed to its commit alone, and a repeat not at all.
    const silent = ring();
    for (let each = 0; each < 2; each += 1) await process.send(registration.url, silent);
    await written();
    const { lag, commit } = await handle.webhooks.analytics();
    expect(lag.map(({ toMs, count }) => [toMs, count])).toEqual([
      [1_000, 2],
      [5_000, 1],
      [30_000, 1],
      [300_000, 1],
      [3_600_000, 1],
      [null, 1],
    ]);
    expect(commit.reduce((sum, { count }) => sum + count, 0)).toBe(8);
  });

  it('tell of a receiver by its id, as the receiver does', async () => {
    const { hub, send } = process;
    const { receivers, webhooks } = hub.tenant('acme');
    const secret = 'the-secret-of-the-shop';
    const scheme = signatures.headerToken({ header: 'x-token' });
    const { id, url } = await receivers.put('shop', { scheme, secret, deliveryId: { header: 'x-shop' } });
    const sent = (delivery: string, token = secret) => send(url, { body: '{}', headers: { 'x-shop': delivery, 'x-token': token } });
    for (const delivery of ['1', '1', '2', '']) await sent(delivery);
    await sent('3', 'another-secret');
    await written();
    const { counts, registrations } = await webhooks.analytics();
    expect(counts).toMatchObject({ received: 2, duplicate: 1, kept: 1, refused: 1, verified: 4 });
    expect(registrations).toEqual([expect.objectContaining({ registration: `receiver:${id}`, connector: null, counts })]);
    expect((await webhooks.analytics({ registration: `receiver:${id}` })).counts).toEqual(counts);
    expect(await receivers.get('shop')).toMatchObject({ id, counts, lastReceived: { type: 'hook.shop.received' } });
    expect((await receivers.get(id)).lastFailed).toMatchObject({ at: Date.UTC(2026, 0, 1), reason: 'signature_wrong' });
    await receivers.delete('shop');
    expect((await stage.storage.states.list('acme', 'registration:', { cursor: null, limit: 10 })).entries).toEqual([]);
  });

  it('tell of an app by its name', async () => {
    const { bellConnector } = await import('../webhooks/bell-connector.ts');
    const app = stage.process({ connector: bellConnector({ accounts: true }), appSecrets: 'the-secret-of-the-app' });
    const handle = app.hub.tenant('acme');
    await handle.connections.put('main', { connector: 'bell', credential: { type: 'none' }, externalAccount: { id: 'T1' } });
    await app.send(
      'https://host.example.com/hub/webhooks/bell',
      ring({ secret: 'the-secret-of-the-app', body: { account: 'T1', tone: 'c' } }),
    );
    await written();
    const { registrations } = await handle.webhooks.analytics({ connector: 'bell' });
    expect(registrations).toMatchObject([{ registration: 'app:bell', connector: 'bell', counts: { received: 1 } }]);
  });
});
