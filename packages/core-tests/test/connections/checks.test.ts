import { path } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anything, type DepotHub, type DepotStage, depotStage, token } from '../gateway/depot-stage.ts';

let stage: DepotStage;
beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

type Said = { readonly healthy: boolean; readonly message?: string; readonly account?: { readonly id: string; readonly name: string } };

/** A hub whose service says of itself what `said` says now, once it has accepted the credential. */
async function open(said: { now: Said } = { now: { healthy: true } }) {
  const hub = await stage.hub({
    run: ({ http }) => http.post(path`/items`, { json: {}, response: anything }),
    changes: {
      async healthCheck({ http }) {
        await http.get(path`/health`, { response: anything });
        return said.now;
      },
    },
  });
  const looked = () => stage.provider.requests.filter((request) => request.path.endsWith('/health')).length;
  const isRefused = (status: number) => stage.answer(() => ({ status, json: { error: 'no' } }));
  const isFine = () => stage.answer(() => ({ json: { ok: true }, effect: true }));
  return { ...hub, looked, isRefused, isFine, main: () => hub.acme.connections.get('main') };
}

const gates = async ({ test }: Pick<DepotHub, 'test'>) => (await test.storage.gates.list('acme')).map(({ reason }) => reason);
const changes = ({ test }: Pick<DepotHub, 'test'>) =>
  test.noticesOf('connection.status_changed').map(({ from, to, reason }) => [from, to, reason]);

describe('testing a connection', () => {
  it('keeps what it showed, and when', async () => {
    const { acme, clock, main, isRefused } = await open();
    expect(await main()).toMatchObject({ lastCheck: null });
    expect(await acme.connections.test('main')).toMatchObject({ healthy: true, message: 'ok', status: 'active', checkedAt: clock.now() });
    expect((await main()).lastCheck).toEqual({ at: clock.now(), healthy: true, message: 'ok' });
    await clock.advance(1_000);
    isRefused(503);
    await acme.connections.test('main');
    expect((await main()).lastCheck).toMatchObject({ at: clock.now(), healthy: false });
    expect(JSON.stringify(await main())).not.toContain(token);
  });

  it('opens the lane of one that works, also where an earlier test wrote the status and was cut off before the lane', async () => {
    const said: { now: Said } = { now: { healthy: false } };
    const hub = await open(said);
    await hub.acme.connections.test('main');
    said.now = { healthy: true };
    const { gates: lanes } = hub.test.storage;
    const openLane = lanes.open.bind(lanes);
    lanes.open = async () => {
      lanes.open = openLane;
      throw new Error('The store is away.');
    };
    await hub.acme.connections.test('main');
    expect([(await hub.main()).status, await gates(hub)]).toEqual(['active', ['connection']]);
    await hub.acme.connections.test('main');
    expect([(await hub.main()).status, await gates(hub)]).toEqual(['active', []]);
  });

  it('writes what it showed before at most once a minute', async () => {
    const { acme, test, clock } = await open();
    const revision = async () => (await test.storage.configuration.revision('acme')).tenant;
    await acme.connections.test('main');
    const before = await revision();
    await clock.advance(59_999);
    await acme.connections.test('main');
    expect(await revision()).toBe(before);
    await clock.advance(1);
    await acme.connections.test('main');
    expect(await revision()).toBe(before + 1);
  });

  it('fills in the account that nobody has named, and never replaces one that is known', async () => {
    const said = { now: { healthy: true, account: { id: 'A1', name: 'One' } } };
    const { acme, main, test, clock } = await open(said);
    await acme.connections.test('main');
    expect(await main()).toMatchObject({ externalAccountId: 'A1', externalAccountName: 'One' });
    said.now = { healthy: true, account: { id: 'A2', name: 'Two' } };
    expect(await acme.connections.test('main')).toMatchObject({ account: { id: 'A2' } });
    expect(await main()).toMatchObject({ externalAccountId: 'A1', externalAccountName: 'One' });
    expect(test.noticesOf('connection.account_changed')).toEqual([]);
    await acme.connections.update('main', { externalAccount: { id: 'A2' } });
    await acme.connections.test('main');
    expect(await main()).toMatchObject({ externalAccountId: 'A2', externalAccountName: 'Two' });
    const { id } = await acme.connections.put('main', {
      connector: 'depot',
      credential: { type: 'bearer', token },
      externalAccount: { id: 'A3' },
    });
    await acme.connections.update('main', { externalAccount: null });
    const told = { tenant: 'acme', connectionId: id, connectorId: 'depot', at: clock.now() };
    expect(test.noticesOf('connection.account_changed')).toEqual([
      { ...told, from: 'A1', to: 'A2' },
      { ...told, from: 'A2', to: 'A3' },
      { ...told, from: 'A3', to: null },
    ]);
  });

  it.each([7, { id: 7, name: 'x' }, { id: '', name: 'x' }, { id: 'a\u0000', name: 'x' }, { id: 'x'.repeat(201), name: 'x' }])(
    'takes no account that is none: %j',
    async (account) => {
      // As a connector of plain JavaScript could give it.
      const { acme, main } = await open({ now: { healthy: true, account: account as never } });
      expect(await acme.connections.test('main')).toMatchObject({ healthy: true, account: null });
      expect(await main()).toMatchObject({ externalAccountId: null, externalAccountName: null });
    },
  );

  it('ends a credential that is refused twice in a row, and a good test brings it back by itself', async () => {
    const hub = await open();
    const { acme, test, call, isRefused, isFine } = hub;
    isRefused(401);
    expect(await acme.connections.test('main')).toMatchObject({ healthy: false, status: 'token_invalid' });
    expect(hub.looked()).toBe(2);
    expect(await hub.main()).toMatchObject({ status: 'token_invalid', statusReason: 'refused' });
    expect(await gates(hub)).toEqual(['connection']);
    isFine();
    const queued = await call('unsafe');
    await test.hub.work();
    expect(await queued.look()).toMatchObject({ status: 'pending', attemptCount: 0 });
    expect(await acme.connections.test('main')).toMatchObject({ healthy: true, status: 'active' });
    expect(await hub.main()).toMatchObject({ status: 'active', statusReason: null });
    await test.settled();
    expect(await queued.look()).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(changes(hub)).toEqual([
      ['active', 'token_invalid', 'refused'],
      ['token_invalid', 'active', 'recovered'],
    ]);
  });

  it('takes one odd refusal for nothing', async () => {
    const hub = await open();
    let first = true;
    stage.answer(() => {
      const isFirst = first;
      first = false;
      return isFirst ? { status: 401, json: {} } : { json: {} };
    });
    expect(await hub.acme.connections.test('main')).toMatchObject({ healthy: true, status: 'active' });
    expect(changes(hub)).toEqual([]);
  });

  it.each([403, 404, 408, 422, 429, 500, 502, 503])(
    'changes no status where the answer says nothing of the account: %i',
    async (status) => {
      const hub = await open();
      hub.isRefused(status);
      expect(await hub.acme.connections.test('main')).toMatchObject({ healthy: false, status: 'active' });
      expect(await hub.main()).toMatchObject({ status: 'active', lastCheck: { healthy: false } });
      expect(await gates(hub)).toEqual([]);
    },
  );

  it('makes an account that cannot be used an error with its reason; what depends on it waits until a good test', async () => {
    const said: { now: Said } = { now: { healthy: false, message: 'The trial is over.' } };
    const hub = await open(said);
    const { acme, test, call } = hub;
    expect(await acme.connections.test('main')).toMatchObject({ healthy: false, message: 'The trial is over.', status: 'error' });
    expect(await hub.main()).toMatchObject({
      status: 'error',
      statusReason: 'unhealthy',
      lastCheck: { healthy: false, message: 'The trial is over.' },
    });
    const queued = await call('unsafe');
    await test.hub.work();
    expect(await queued.look()).toMatchObject({ status: 'pending', attemptCount: 0 });
    said.now = { healthy: true };
    await acme.connections.test('main');
    await test.settled();
    expect(await queued.look()).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(changes(hub)).toEqual([
      ['active', 'error', 'unhealthy'],
      ['error', 'active', 'recovered'],
    ]);
  });

  const putAnew = (hub: DepotHub) =>
    hub.acme.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token: 'tok-9999999999' } });

  it('says nothing of a connection that was put anew while it looked', async () => {
    const hub = await open({ now: { healthy: false } });
    stage.answer(async () => {
      await putAnew(hub);
      return { json: {} };
    });
    expect(await hub.acme.connections.test('main')).toMatchObject({ healthy: false, status: 'active' });
    expect(await hub.main()).toMatchObject({ status: 'active', lastCheck: null });
  });

  it('looks with the new credential where the one before was refused', async () => {
    const hub = await open();
    let asked = 0;
    stage.answer(async () => {
      asked += 1;
      if (asked > 2) return { json: {} };
      await putAnew(hub);
      return { status: 401, json: {} };
    });
    expect(await hub.acme.connections.test('main')).toMatchObject({ healthy: true, status: 'active' });
    expect(asked).toBe(3);
  });

  it('sends nothing for one that has ended', async () => {
    const hub = await open();
    await hub.acme.connections.disconnect('main');
    expect(await hub.acme.connections.test('main')).toMatchObject({ healthy: false, status: 'disconnected' });
    expect(hub.looked()).toBe(0);
    expect(await hub.main()).toMatchObject({ lastCheck: null });
  });

  it('is recorded with who asked', async () => {
    const hub = await open();
    hub.isRefused(401);
    await hub.test.hub.tenant('acme', { actor: { kind: 'user', id: 'ada' } }).connections.test('main');
    const { items } = await hub.acme.audit.list({ action: 'connection.change' });
    expect(items[0]).toMatchObject({ actor: { kind: 'user', id: 'ada' }, details: { status: 'token_invalid' } });
  });
});

describe('an action that the service refuses with 401', () => {
  it('has the credential looked at again: refused twice, what depends on it waits, and goes on after the connection is put again', async () => {
    const hub = await open();
    const { acme, test, call, isRefused, isFine } = hub;
    isRefused(401);
    const first = await call('unsafe');
    await test.hub.work();
    expect(await hub.main()).toMatchObject({ status: 'token_invalid', statusReason: 'refused' });
    expect(hub.looked()).toBe(1);
    const second = await call('unsafe');
    await test.settled();
    expect(await first.look()).toMatchObject({ status: 'pending', attemptCount: 1 });
    expect(await second.look()).toMatchObject({ status: 'pending', attemptCount: 0 });
    isFine();
    await acme.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token: 'tok-9999999999' } });
    await test.settled();
    expect(await first.look()).toMatchObject({ status: 'succeeded', attemptCount: 2 });
    expect(await second.look()).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(changes(hub)).toEqual([['active', 'token_invalid', 'refused']]);
  });

  it('is a failure for good where the credential works otherwise, which is looked at once a minute', async () => {
    const hub = await open();
    stage.answer(({ path: asked }) => (asked.endsWith('/health') ? { json: {} } : { status: 401, json: {} }));
    const queued = [await hub.call('unsafe'), await hub.call('unsafe'), await hub.call('read')];
    await hub.test.hub.work();
    for (const { look } of queued) expect(await look()).toMatchObject({ status: 'dead', error: { code: 'authentication_failed' } });
    expect(await hub.main()).toMatchObject({ status: 'active' });
    expect(hub.looked()).toBe(1);
    await hub.clock.advance(60_000);
    await hub.call('unsafe');
    await hub.test.hub.work();
    expect(hub.looked()).toBe(2);
  });

  it('ends nothing where the look cannot tell', async () => {
    const hub = await open();
    stage.answer(({ path: asked }) => ({ status: asked.endsWith('/health') ? 503 : 401, json: {} }));
    const queued = await hub.call('unsafe');
    await hub.test.hub.work();
    expect(await queued.look()).toMatchObject({ status: 'dead' });
    expect(await hub.main()).toMatchObject({ status: 'active' });
  });
});
