import { path } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anything, type DepotStage, depotStage, token } from './depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

const down = () => ({ status: 503, json: { error: 'down' } });
const well = () => ({ json: { ok: true } });
const read = { run: async ({ http }: Parameters<Run>[0]) => http.get(path`/items`, { response: anything }) };
type Run = NonNullable<NonNullable<Parameters<DepotStage['hub']>[0]>['run']>;

async function openBreaker(depot: Awaited<ReturnType<DepotStage['hub']>>): Promise<void> {
  stage.answer(down);
  for (let turn = 0; turn < 10; turn += 1) await depot.get();
  await depot.clock.settle();
}

describe('a connection whose service fails', () => {
  it('answers at once that nothing is sent, and says when to come again', async () => {
    const depot = await stage.hub();
    await openBreaker(depot);
    const asked = stage.provider.requests.length;
    await expect(depot.get()).rejects.toMatchObject({
      code: 'provider_unavailable',
      sent: 'no',
      retryable: true,
      retryAfterMs: 11_000,
      details: { heldBy: 'breaker' },
    });
    expect(stage.provider.requests).toHaveLength(asked);
    expect(depot.test.noticesOf('connection.breaker_opened')).toMatchObject([
      { tenant: 'acme', connectorId: 'depot', origin: stage.provider.origin, cause: 'provider_down', opens: 1, openMs: 11_000 },
    ]);
    expect(await depot.acme.connections.breakerStatus('main')).toMatchObject([
      { origin: stage.provider.origin, state: 'open', opens: 1, cause: 'provider_down', openUntil: expect.any(Number) },
    ]);
  });

  it('keeps what is queued waiting without an attempt, and does it all when it works again', async () => {
    const depot = await stage.hub(read);
    await openBreaker(depot);
    const calls = await Promise.all(Array.from({ length: 5 }, () => depot.call('read')));
    await depot.test.settled({ withinMs: 9_000 });
    for (const { look } of calls) expect(await look()).toMatchObject({ status: 'pending', attempts: [] });
    stage.answer(well);
    await depot.test.settled();
    for (const { look } of calls) expect(await look()).toMatchObject({ status: 'succeeded', attempts: [{ outcome: 'succeeded' }] });
    expect(depot.test.noticesOf('connection.breaker_closed')).toMatchObject([{ by: 'probe' }]);
    expect((await depot.test.storage.gates.list('acme')).length).toBe(0);
  });

  it('keeps a look for what may have happened waiting without an attempt, too', async () => {
    const looks = {
      reconcile: async ({ http }: Parameters<Run>[0]) => ({
        answer: 'found' as const,
        output: await http.get(path`/items`, { response: anything }),
      }),
    };
    const depot = await stage.hub({ ...looks, run: async ({ http }) => http.post(path`/items`, { json: {}, response: anything }) });
    stage.provider.failNext(1, { kind: 'reset', when: 'after_effect' });
    const { look } = await depot.call('reconcilable');
    await depot.test.settled({ withinMs: 0 });
    // The lost answer was the first failure.
    stage.answer(down);
    for (let turn = 0; turn < 9; turn += 1) await depot.get();
    await depot.clock.settle();
    // As one that was claimed a moment before the lane was closed.
    const { id } = await depot.acme.connections.get('main');
    await depot.test.storage.gates.open([{ tenant: 'acme', lane: `connection:${id}`, reason: 'breaker' }]);
    await depot.test.settled({ withinMs: 9_000 });
    expect((await look()).attempts).toHaveLength(1);
    stage.answer(well);
    await depot.test.settled();
    expect(await look()).toMatchObject({ status: 'succeeded', attempts: [{ outcome: 'unknown' }, { outcome: 'succeeded' }] });
  });

  it('asks the service once at a time while it stays down', async () => {
    const depot = await stage.hub(read);
    await openBreaker(depot);
    const asked = stage.provider.requests.length;
    await Promise.all(Array.from({ length: 20 }, () => depot.call('read')));
    await depot.test.settled({ withinMs: 300_000 });
    // 11, 22, 44 and 88 seconds, the next would come after 341.
    expect(stage.provider.requests.length - asked).toBe(4);
  });

  it('is of its connection alone: others of the same service and tenant go on', async () => {
    const depot = await stage.hub(read);
    await depot.acme.connections.put('other', { connector: 'depot', credential: { type: 'bearer', token: `${token}-2` } });
    await openBreaker(depot);
    stage.answer(well);
    const { status } = await depot.acme.request('other', { method: 'GET', path: path`/items` });
    expect(status).toBe(200);
    const globex = depot.test.tenant('globex');
    await globex.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token } });
    expect((await globex.request('main', { method: 'GET', path: path`/items` })).status).toBe(200);
    await expect(depot.get()).rejects.toMatchObject({ details: { heldBy: 'breaker' } });
    expect(await depot.acme.connections.breakerStatus('other')).toEqual([]);
  });

  it('is let go by a reset of the tenant, and by one of an operator, each of which is recorded', async () => {
    const depot = await stage.hub();
    await openBreaker(depot);
    stage.answer(well);
    expect(await depot.acme.connections.resetBreaker('main')).toBe(1);
    expect((await depot.get()).status).toBe(200);
    expect(await depot.acme.connections.resetBreaker('main')).toBe(0);
    await openBreaker(depot);
    const operator = depot.test.hub.operator({ actor: 'ops', reason: 'the service says it is back' });
    expect(await operator.tenant('acme').resetBreaker('main')).toBe(1);
    stage.answer(well);
    expect((await depot.get()).status).toBe(200);
    expect(depot.test.noticesOf('connection.breaker_closed').map(({ by }) => by)).toEqual(['operator', 'operator']);
    const { items } = await depot.acme.audit.list({});
    const acts = items.map(({ action }) => action);
    expect(acts).toEqual(expect.arrayContaining(['connection.reset_breaker', 'operator.reset_breaker']));
  });
});

describe('a service that refuses', () => {
  it.each([400, 401, 403, 404, 409, 422, 429])('with %s opens no breaker, however often', async (status) => {
    const depot = await stage.hub();
    stage.answer(() => ({ status, json: {} }));
    for (let turn = 0; turn < 30; turn += 1) {
      expect((await depot.get()).status).toBe(status);
      // A limit that was told of no end is left alone for a while.
      if (status === 429) await depot.clock.advance(61_000);
    }
    expect(await depot.acme.connections.breakerStatus('main')).toEqual([]);
  });

  it('opens none for calls that their caller takes back', async () => {
    const depot = await stage.hub();
    stage.provider.failNext(15, { kind: 'hang' });
    for (let turn = 0; turn < 15; turn += 1) {
      const stop = new AbortController();
      const asked = depot.get({ signal: stop.signal });
      await stage.arrived(turn + 1);
      stop.abort();
      await expect(asked).rejects.toMatchObject({ code: 'aborted' });
    }
    expect(await depot.acme.connections.breakerStatus('main')).toEqual([]);
  });
});

describe('a service that cannot be reached', () => {
  it('opens it, too', async () => {
    const depot = await stage.hub();
    stage.provider.failNext(10, { kind: 'reset', when: 'after_reading' });
    for (let turn = 0; turn < 10; turn += 1) await expect(depot.get()).rejects.toMatchObject({ code: 'network' });
    await depot.clock.settle();
    expect(await depot.acme.connections.breakerStatus('main')).toMatchObject([{ state: 'open', cause: 'network' }]);
  });
});
