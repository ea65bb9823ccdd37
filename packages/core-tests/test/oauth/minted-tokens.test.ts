import { createHub, localKeys, path } from '@patchbay/core';
import { type Clock, systemClock } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MintingStage, mintingKinds, mintingStage, ownSecret, roomConnector, roomHub, rsaKey } from './minting-stage.ts';

const hour = 3_600_000;

let stage: MintingStage;
const open: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  stage = await mintingStage();
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await stage.close();
});

describe.each(mintingKinds)('a token of $title', ({ auth, credential, answer, refusals }) => {
  async function start() {
    const { origin } = stage.provider;
    const hub = await roomHub(roomConnector(origin, [auth(origin)]), credential);
    open.push(hub.test);
    let count = 0;
    const give = () => stage.answer(() => answer(++count, hub.test.clock.now()));
    give();
    return { ...hub, give };
  }

  it('is asked for when it is needed, used as long as it is good, and asked for again before it ends', async () => {
    const hub = await start();
    expect(stage.asked).toHaveLength(0);
    await hub.find();
    await hub.test.clock.advance(hour - 300_001);
    await hub.find();
    expect([stage.served, stage.asked.length]).toEqual([Array(2).fill('Bearer token-number-1'), 1]);
    await hub.test.clock.advance(150_001);
    await hub.find();
    expect([stage.served.at(-1), stage.asked.length]).toEqual(['Bearer token-number-2', 2]);
  });

  it('is sealed before anybody uses it, and seen nowhere', async () => {
    const hub = await start();
    const { configuration } = hub.test.storage;
    const order: string[] = [];
    const write = configuration.write.bind(configuration);
    const watched: typeof write = async (...given) => {
      const verdict = await write(...given);
      order.push('stored');
      return verdict;
    };
    Object.assign(configuration, { write: watched });
    stage.serve((authorization) => {
      order.push(authorization);
      return { json: { id: authorization } };
    });
    const call = await hub.find();
    expect(order).toEqual(['stored', 'Bearer token-number-1']);
    expect((await call.look()).output).toEqual({ id: 'Bearer [withheld]' });
    const rows = await configuration.snapshot('acme', ['credential', 'connection']);
    const seen = JSON.stringify([rows, hub.logged, hub.test.notices, await hub.acme.connections.get('main')]);
    for (const secret of ['token-number-1', ownSecret, rsaKey.split('\n')[1] ?? '']) expect(seen).not.toContain(secret);
  });

  it('is asked for once, however many need it at a time', async () => {
    const hub = await start();
    const ids = await Promise.all(
      Array.from({ length: 100 }, () => hub.acme.actions.execute('room.find', { connection: 'main', input: {} })),
    );
    // One connection has three quarters of a worker's places at most; the others come a moment later.
    await hub.test.settled({ withinMs: 60_000 });
    const done = await Promise.all(ids.map(({ dispatchId }) => hub.acme.dispatches.get(dispatchId)));
    expect(done.map(({ status, attempts }) => [status, attempts.length])).toEqual(ids.map(() => ['succeeded', 1]));
    expect([new Set(stage.served), stage.asked.length]).toEqual([new Set(['Bearer token-number-1']), 1]);
  });

  it('that the service refuses is replaced and the call is made again; one that is refused in its place is kept for a minute', async () => {
    const hub = await start();
    stage.serve((authorization) => (authorization.endsWith('1') ? { status: 401, json: {} } : { json: { id: 'paper' } }));
    const call = await hub.find();
    await hub.test.settled({ withinMs: 60_000 });
    expect(await call.look()).toMatchObject({ status: 'succeeded' });
    expect(stage.served).toEqual(['Bearer token-number-1', 'Bearer token-number-2']);
    stage.serve(() => ({ status: 401, json: {} }));
    await hub.test.clock.advance(1);
    expect([(await hub.ask()).status, (await hub.ask()).status, stage.asked.length]).toEqual([401, 401, 2]);
    await hub.test.clock.advance(60_000);
    expect([(await hub.ask()).status, stage.asked.length]).toEqual([401, 3]);
    expect(await hub.status()).toEqual(['active', null]);
  });

  it('is not asked for again where the service answers 403', async () => {
    const hub = await start();
    stage.serve(() => ({ status: 403, json: {} }));
    await hub.find();
    await hub.ask();
    expect([stage.asked.length, await hub.status()]).toEqual([1, ['active', null]]);
  });

  it.each([
    ['is down', { status: 503, json: {} }],
    ['limits the rate', { status: 429, json: {} }],
    ['answers with something else', { status: 200, json: { message: 'maintenance' } }],
    ['gives a token that no header can hold', { status: 200, json: { token: 'a\nb', access_token: 'a\nb', token_type: 'bearer' } }],
    ['redirects', { status: 302, json: {}, headers: { location: 'https://elsewhere.example.com/token' } }],
    ['does not allow it at the moment', { status: 403, json: { error: 'temporarily_unavailable' } }],
    ['does not know what is asked for', { status: 422, json: { error: 'invalid_scope' } }],
  ])('of a service that %s ends no connection, and what waits for it uses no attempt', async (_, reply) => {
    const hub = await start();
    stage.answer(() => reply);
    const call = await hub.find();
    expect([await hub.status(), (await call.look()).attempts, stage.served]).toEqual([['active', null], [], []]);
    hub.give();
    await hub.test.settled({ withinMs: 60_000 });
    expect(await call.look()).toMatchObject({ status: 'succeeded' });
  });

  it('that is still good is used on while the service is down', async () => {
    const hub = await start();
    await hub.find();
    stage.answer(() => ({ status: 503, json: {} }));
    await hub.test.clock.advance(hour - 100_000);
    await hub.find();
    await hub.find();
    expect([stage.served.length, stage.asked.length, await hub.status()]).toEqual([3, 2, ['active', null]]);
  });

  it.each(refusals)('refused for good (%j) ends the connection, and what waits goes on when it is put again', async (refusal) => {
    const hub = await start();
    stage.answer(() => refusal);
    const call = await hub.find();
    expect([await hub.status(), (await call.look()).attempts, stage.served]).toEqual([['token_invalid', 'refused'], [], []]);
    expect((await hub.test.storage.gates.list('acme')).map(({ reason }) => reason)).toEqual(['connection']);
    expect(hub.test.noticesOf('connection.status_changed')).toMatchObject([{ from: 'active', to: 'token_invalid', reason: 'refused' }]);
    await hub.test.settled({ withinMs: hour });
    expect(stage.asked).toHaveLength(1);
    hub.give();
    await hub.put();
    await hub.test.settled({ withinMs: hour });
    expect([(await call.look()).status, await hub.status()]).toEqual(['succeeded', ['active', null]]);
  });

  it('is kept where the same credential is put again, and goes where another is put while it is asked for', async () => {
    const hub = await start();
    await hub.find();
    await hub.put();
    await hub.find();
    expect(stage.asked).toHaveLength(1);
    await hub.test.clock.advance(hour);
    let puts = 0;
    stage.answer(async () => {
      if (puts++ > 0) return answer(9, hub.test.clock.now());
      await hub.acme.connections.disconnect('main');
      await hub.put();
      return answer(8, hub.test.clock.now());
    });
    expect((await hub.ask()).status).toBe(200);
    expect([stage.served.at(-1), stage.asked.length]).toEqual(['Bearer token-number-9', 3]);
  });

  it('is asked for by one of several processes, and all use what that one stored', async () => {
    const { origin } = stage.provider;
    const storage = memoryStorage();
    const keys = localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') } });
    let late = 0;
    const clock: Clock = { ...systemClock, now: () => systemClock.now() + late };
    let count = 0;
    stage.answer(() => answer(++count, clock.now()));
    const connectors = [roomConnector(origin, [auth(origin)])];
    const hubs = Array.from({ length: 4 }, () =>
      createHub({ connectors, storage, clock, keys, publicUrl: 'https://host.example.com/hub', loopbackOnly: true }),
    );
    await hubs[0]?.tenant('acme').connections.put('main', { connector: 'room', credential });
    for (let expiry = 1; expiry <= 3; expiry += 1) {
      stage.served.length = 0;
      const calls = hubs.flatMap((hub) =>
        Array.from({ length: 25 }, () => hub.tenant('acme').request('main', { method: 'GET', path: path`/papers` })),
      );
      expect(new Set((await Promise.all(calls)).map(({ status }) => status))).toEqual(new Set([200]));
      expect([new Set(stage.served), stage.asked.length]).toEqual([new Set([`Bearer token-number-${expiry}`]), expiry]);
      late += hour;
    }
    await Promise.all(hubs.map((hub) => hub.stop()));
    await storage.close();
  });
});
