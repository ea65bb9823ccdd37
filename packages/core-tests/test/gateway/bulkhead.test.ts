import { path } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anything, type DepotStage, depotStage, token } from './depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

type Run = NonNullable<NonNullable<Parameters<DepotStage['hub']>[0]>['run']>;
const read: Run = async ({ http, input }) => http.get(path`/items/${String(Object(input)['id'] ?? 'one')}`, { response: anything });

describe('a tenant whose calls all hang', () => {
  it('leaves the requests of another their places at the same service', async () => {
    const depot = await stage.hub();
    const globex = depot.test.tenant('globex');
    await globex.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token } });
    stage.provider.failNext(64, { kind: 'hang' });
    const stop = new AbortController();
    const hanging = Array.from({ length: 200 }, () =>
      depot.get({ signal: stop.signal, timeoutMs: 60_000 }).catch((error: unknown) => error),
    );
    await stage.arrived(64);
    const answers = await Promise.all(Array.from({ length: 20 }, () => globex.request('main', { method: 'GET', path: path`/items` })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(stage.provider.requests).toHaveLength(84);
    stop.abort();
    await Promise.all(hanging);
  });

  it('leaves the queued actions of another the places of the worker', async () => {
    const depot = await stage.hub({ run: read, timeoutMs: 60_000 });
    const globex = depot.test.tenant('globex');
    await globex.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token } });
    stage.provider.failNext(60, { kind: 'hang', match: /hangs/ });
    const hung = (): Promise<unknown> => depot.acme.actions.execute('depot.read', { connection: 'main', input: { id: 'hangs' } });
    const count = (): number => stage.provider.requests.filter(({ path: asked }) => asked.includes('hangs')).length;
    await depot.test.hub.start();
    await Promise.all(Array.from({ length: 60 }, hung));
    for (let turn = 0; turn < 40 && count() < 24; turn += 1) await depot.clock.advance(100);
    const call = await globex.actions.execute('depot.read', { connection: 'main', input: {} });
    for (let turn = 0; turn < 40 && (await globex.dispatches.get(call.dispatchId)).status !== 'succeeded'; turn += 1)
      await depot.clock.advance(500);
    expect(await globex.dispatches.get(call.dispatchId)).toMatchObject({ status: 'succeeded' });
    expect(count()).toBe(24);
    // What hangs ends by its time, or the worker could not be stopped.
    await depot.clock.advance(61_000);
  });
});

describe('a request that finds no place', () => {
  it('is refused with when to come again, and says that nothing was sent', async () => {
    const depot = await stage.hub({}, { resilience: { connectionCalls: 1, tenantWaiting: 0 } });
    stage.provider.failNext(1, { kind: 'hang' });
    const stop = new AbortController();
    const first = depot.get({ signal: stop.signal }).catch(() => undefined);
    await stage.arrived(1);
    await expect(depot.get()).rejects.toMatchObject({
      code: 'overloaded',
      sent: 'no',
      retryAfterMs: 1_000,
      details: { heldBy: 'bulkhead' },
    });
    stop.abort();
    await first;
    expect((await depot.get()).status).toBe(200);
  });

  it('of an action goes back to the ledger without an attempt', async () => {
    const depot = await stage.hub({ run: read }, { resilience: { connectionCalls: 1, tenantWaiting: 0 } });
    stage.provider.failNext(1, { kind: 'hang' });
    const stop = new AbortController();
    const first = depot.get({ signal: stop.signal, timeoutMs: 60_000 }).catch(() => undefined);
    await stage.arrived(1);
    const { look } = await depot.call('read');
    await depot.test.settled({ withinMs: 500 });
    expect(await look()).toMatchObject({ status: 'pending', attempts: [] });
    stop.abort();
    await first;
    await depot.test.settled();
    expect(await look()).toMatchObject({ status: 'succeeded', attempts: [{ outcome: 'succeeded' }] });
  });
});
