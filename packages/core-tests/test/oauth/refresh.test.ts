import { createHub, localKeys, path } from '@patchbay/core';
import { type Clock, systemClock } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveConnector } from './archive-connector.ts';
import { type ArchiveHub, type ArchiveStage, archiveStage } from './archive-stage.ts';

let stage: ArchiveStage;
let served: string[];
beforeEach(async () => {
  stage = await archiveStage();
  served = [];
  stage.serve((authorization) => {
    served.push(authorization);
    return { json: { id: 'paper' } };
  });
  let count = 0;
  stage.answer(() => ({ json: tokens(++count) }));
});
afterEach(() => stage.close());

const tokens = (count: number) => ({
  access_token: `access-number-${count}`,
  refresh_token: `refresh-number-${count}`,
  token_type: 'Bearer',
  expires_in: 3_600,
});

const hour = 3_600_000;

async function connected(method: Readonly<Record<string, unknown>> = {}): Promise<ArchiveHub> {
  const hub = stage.hub(method);
  await hub.complete(await hub.permit());
  return hub;
}

async function find(hub: ArchiveHub) {
  const { dispatchId } = await hub.acme.actions.execute('archive.find', { connection: 'main', input: {} });
  await hub.test.settled({ withinMs: 0 });
  return { look: () => hub.acme.dispatches.get(dispatchId) };
}

const sentTokens = (): readonly (string | null)[] => stage.asked.slice(1).map((fields) => fields.get('refresh_token'));
const statusOf = async (hub: ArchiveHub) => {
  const { status, statusReason } = await hub.acme.connections.get('main');
  return [status, statusReason];
};

describe('an access token', () => {
  it('is used as long as it is good, and renewed before it ends', async () => {
    const hub = await connected();
    await hub.test.clock.advance(hour - 300_001);
    await find(hub);
    expect([served, sentTokens()]).toEqual([['Bearer access-number-1'], []]);
    await hub.test.clock.advance(150_001);
    await find(hub);
    await find(hub);
    expect(served.slice(1)).toEqual(['Bearer access-number-2', 'Bearer access-number-2']);
    expect(sentTokens()).toEqual(['refresh-number-1']);
  });

  it.each([true, false])(
    'is not used where the end that the host has said came while it was renewed; seen by others: %s',
    async (isSeen) => {
      const hub = await connected();
      await hub.test.clock.advance(hour - 150_000);
      stage.answer(async () => {
        await hub.acme.connections.update('main', { expiresAt: hub.test.clock.now() });
        if (isSeen) await hub.acme.connections.test('main');
        return { json: tokens(2) };
      });
      const { look } = await find(hub);
      expect([sentTokens(), served]).toEqual([['refresh-number-1'], []]);
      expect(await statusOf(hub)).toEqual(['token_expired', 'expired']);
      expect(hub.test.noticesOf('connection.status_changed').map(({ from, to }) => [from, to])).toEqual([['active', 'token_expired']]);
      expect(await look()).toMatchObject({ status: 'pending', attemptCount: 0 });
      await hub.acme.connections.update('main', { expiresAt: null });
      await hub.test.settled({ withinMs: 10_000 });
      expect(served).toEqual(['Bearer access-number-2']);
    },
  );

  it('is not used by a request of the host where that end came while it was renewed', async () => {
    const hub = await connected();
    await hub.test.clock.advance(hour - 150_000);
    stage.answer(async () => {
      await hub.acme.connections.update('main', { expiresAt: hub.test.clock.now() });
      return { json: tokens(2) };
    });
    const request = hub.acme.request('main', { method: 'GET', path: path`/papers` });
    await expect(request).rejects.toMatchObject({ code: 'credential_missing', sent: 'no' });
    expect([served, await statusOf(hub)]).toEqual([[], ['token_expired', 'expired']]);
  });

  it('is renewed with the refresh token that came last, and kept where none came', async () => {
    const hub = await connected();
    stage.answer(() => ({ json: { ...tokens(2), refresh_token: null } }));
    await hub.test.clock.advance(hour);
    await find(hub);
    stage.answer(() => ({ json: tokens(3) }));
    await hub.test.clock.advance(hour);
    await find(hub);
    await hub.test.clock.advance(hour);
    await find(hub);
    expect(sentTokens()).toEqual(['refresh-number-1', 'refresh-number-1', 'refresh-number-3']);
  });

  it('is stored with its refresh token before anybody uses it', async () => {
    const hub = await connected();
    const order: string[] = [];
    const { configuration } = hub.test.storage;
    const write = configuration.write.bind(configuration);
    const watched: typeof write = async (tenant, changes) => {
      const verdict = await write(tenant, changes);
      order.push('stored');
      return verdict;
    };
    Object.assign(configuration, { write: watched });
    stage.serve((authorization) => {
      order.push(authorization);
      return { json: { id: 'paper' } };
    });
    await hub.test.clock.advance(hour);
    await find(hub);
    expect(order).toEqual(['stored', 'Bearer access-number-2']);
  });

  it('is renewed once, however many need it at a time', async () => {
    const hub = await connected();
    await hub.test.clock.advance(hour);
    const ids = await Promise.all(
      Array.from({ length: 100 }, () => hub.acme.actions.execute('archive.find', { connection: 'main', input: {} })),
    );
    // One connection has three quarters of a worker's places at most; the others come a moment later.
    await hub.test.settled({ withinMs: 60_000 });
    expect(sentTokens()).toEqual(['refresh-number-1']);
    const done = await Promise.all(ids.map(({ dispatchId }) => hub.acme.dispatches.get(dispatchId)));
    expect(done.map(({ status, attempts }) => [status, attempts.length])).toEqual(ids.map(() => ['succeeded', 1]));
    expect(new Set(served)).toEqual(new Set(['Bearer access-number-2']));
  });

  it('that the service refuses is renewed, and the call is made again', async () => {
    const hub = await connected();
    stage.serve((authorization) => {
      served.push(authorization);
      return authorization.endsWith('1') ? { status: 401, json: {} } : { json: { id: 'paper' } };
    });
    const call = await find(hub);
    await hub.test.settled({ withinMs: 60_000 });
    expect(await call.look()).toMatchObject({ status: 'succeeded' });
    expect([served, sentTokens()]).toEqual([['Bearer access-number-1', 'Bearer access-number-2'], ['refresh-number-1']]);
  });
});

it('that the service refuses to a request of the host is renewed, and the request is sent once more', async () => {
  const hub = await connected();
  stage.serve((authorization) => {
    served.push(authorization);
    return authorization.endsWith('1') ? { status: 401, json: {} } : { json: { id: 'paper' } };
  });
  const ask = () => hub.acme.request('main', { method: 'GET', path: path`/papers` });
  expect([(await ask()).status, served]).toEqual([200, ['Bearer access-number-1', 'Bearer access-number-2']]);
  stage.serve(() => ({ status: 401, json: {} }));
  stage.answer(() => ({ status: 503, json: {} }));
  expect((await ask()).status).toBe(401);
});

describe('a server that does not answer well', () => {
  it('costs nothing while the token is good, and is not asked again at once', async () => {
    const hub = await connected();
    stage.answer(() => ({ status: 503, json: {} }));
    await hub.test.clock.advance(hour - 100_000);
    await find(hub);
    await find(hub);
    expect([served.length, sentTokens().length, await statusOf(hub)]).toEqual([2, 1, ['active', null]]);
  });

  it.each([
    ['is down', { status: 503, json: {} }],
    ['answers with something else', { status: 200, json: { message: 'maintenance' } }],
    ['does not know the app any more', { status: 401, json: { error: 'invalid_client' } }],
  ])('that %s ends no grant, and uses no attempt of what waits', async (_, answer) => {
    const hub = await connected({ refresh: { singleUse: true } });
    await hub.test.clock.advance(hour);
    stage.answer(() => answer);
    const call = await find(hub);
    expect([await statusOf(hub), (await call.look()).attempts]).toEqual([['active', null], []]);
    stage.answer(() => ({ json: tokens(2) }));
    await hub.test.settled({ withinMs: 60_000 });
    expect(await call.look()).toMatchObject({ status: 'succeeded' });
    expect(new Set(sentTokens())).toEqual(new Set(['refresh-number-1']));
  });
});

describe('a grant that has ended', () => {
  it('closes the lane, is told of, uses no attempts, and what waits goes on when the account is connected again', async () => {
    const hub = await connected();
    await hub.test.clock.advance(hour);
    stage.answer(() => ({ status: 400, json: { error: 'invalid_grant' } }));
    const call = await find(hub);
    expect([await statusOf(hub), (await call.look()).attempts]).toEqual([['token_invalid', 'refused'], []]);
    expect((await hub.test.storage.gates.list('acme')).map(({ reason }) => reason)).toEqual(['connection']);
    expect(hub.test.noticesOf('connection.status_changed')).toMatchObject([{ from: 'active', to: 'token_invalid', reason: 'refused' }]);
    await hub.test.settled({ withinMs: hour });
    expect([sentTokens().length, served]).toEqual([1, []]);
    stage.answer(() => ({ json: tokens(5) }));
    await hub.complete(await hub.permit());
    await hub.test.settled({ withinMs: hour });
    expect([(await call.look()).status, await statusOf(hub), served]).toEqual(['succeeded', ['active', null], ['Bearer access-number-5']]);
  });

  it('by another that was put meanwhile is left for it', async () => {
    const hub = await connected();
    await hub.test.clock.advance(hour);
    stage.answer(async () => {
      const credential = { type: 'oauth2', accessToken: 'access-of-the-sibling', refreshToken: 'refresh-of-the-sibling' } as const;
      await hub.acme.connections.put('main', { connector: 'archive', credential });
      return { status: 400, json: { error: 'invalid_grant' } };
    });
    const call = await find(hub);
    expect([(await call.look()).status, await statusOf(hub), served]).toEqual([
      'succeeded',
      ['active', null],
      ['Bearer access-of-the-sibling'],
    ]);
  });

  it('for want of a refresh token waits until somebody connects it', async () => {
    stage.answer(() => ({ json: { ...tokens(1), refresh_token: null } }));
    const hub = await connected();
    await hub.test.clock.advance(hour);
    const call = await find(hub);
    expect([await statusOf(hub), (await call.look()).attempts]).toEqual([['token_expired', 'expired'], []]);
  });
});

describe('a grant without refresh token', () => {
  const unauthorized = () => stage.serve(() => ({ status: 401, json: {} }));

  async function withoutRefreshToken(expiresIn: number | undefined): Promise<ArchiveHub> {
    stage.answer(() => ({
      json: { access_token: 'access-number-1', token_type: 'Bearer', ...(expiresIn ? { expires_in: expiresIn } : {}) },
    }));
    return connected();
  }

  it.each([
    ['has no known end', undefined],
    ['has not ended by our clock', 3_600],
  ])('whose token %s and is refused has ended; what failed for it waits, and goes on when it is connected again', async (_, expiresIn) => {
    const hub = await withoutRefreshToken(expiresIn);
    unauthorized();
    const call = await find(hub);
    expect([await statusOf(hub), (await call.look()).status]).toEqual([['token_invalid', 'refused'], 'pending']);
    expect((await hub.test.storage.gates.list('acme')).map(({ reason }) => reason)).toEqual(['connection']);
    expect(hub.test.noticesOf('connection.status_changed')).toMatchObject([{ from: 'active', to: 'token_invalid', reason: 'refused' }]);
    await hub.test.settled({ withinMs: hour });
    expect([sentTokens(), (await call.look()).attempts.length]).toEqual([[], 1]);
    stage.serve(() => ({ json: { id: 'paper' } }));
    await hub.complete(await hub.permit());
    await hub.test.settled({ withinMs: hour });
    expect([await statusOf(hub), (await call.look()).status]).toEqual([['active', null], 'succeeded']);
  });

  it('ends by a refusal to a request of the host, which gets the answer as it came', async () => {
    const hub = await withoutRefreshToken(undefined);
    unauthorized();
    expect((await hub.acme.request('main', { method: 'GET', path: path`/papers` })).status).toBe(401);
    expect(await statusOf(hub)).toEqual(['token_invalid', 'refused']);
  });

  it('says that it has expired where its token is refused after its end', async () => {
    const hub = await withoutRefreshToken(5);
    stage.serve(async () => {
      await hub.test.clock.advance(6_000);
      return { status: 401, json: {} };
    });
    await hub.acme.request('main', { method: 'GET', path: path`/papers` });
    expect(await statusOf(hub)).toEqual(['token_expired', 'expired']);
  });

  it.each([403, 404, 429, 500])('is as it was where the service answers %d', async (status) => {
    const hub = await withoutRefreshToken(undefined);
    stage.serve(() => ({ status, json: {} }));
    await find(hub);
    const asked = hub.acme.request('main', { method: 'GET', path: path`/papers` });
    // A limit that was told of no end is left alone for a while.
    if (status === 429) await hub.test.clock.advance(20_000);
    expect((await asked).status).toBe(status);
    expect([await statusOf(hub), hub.test.noticesOf('connection.status_changed')]).toEqual([['active', null], []]);
  });

  it('is as it was where the token that was refused is another by now', async () => {
    const hub = await withoutRefreshToken(undefined);
    const credential = { type: 'oauth2', accessToken: 'access-that-was-put' } as const;
    stage.serve(async (authorization) => {
      if (authorization.endsWith('put')) return { json: { id: 'paper' } };
      await hub.acme.connections.put('main', { connector: 'archive', credential });
      return { status: 401, json: {} };
    });
    expect((await hub.acme.request('main', { method: 'GET', path: path`/papers` })).status).toBe(200);
    expect(await statusOf(hub)).toEqual(['active', null]);
  });
});

describe('a refresh token that is good for once', () => {
  async function cutOff(hub: ArchiveHub): Promise<void> {
    const { configuration } = hub.test.storage;
    const { id } = await hub.acme.connections.get('main');
    const row = await configuration.find('acme', 'credential', id);
    if (!row) throw new Error('It has a credential.');
    const value = { ...row.value, refreshSentAt: hub.test.clock.now() };
    await configuration.write('acme', [{ put: 'credential', id: row.id, name: row.name, expect: row.version, value }]);
  }

  it('and was sent by somebody who is gone is not sent again: the grant would end for all', async () => {
    const hub = await connected({ refresh: { singleUse: true } });
    await cutOff(hub);
    await hub.test.clock.advance(hour);
    await find(hub);
    expect([sentTokens(), await statusOf(hub)]).toEqual([[], ['token_invalid', 'answer_lost']]);
  });

  it('is not said to be sent while its call waits for its turn: whoever is lost then has sent nothing', async () => {
    const hub = await connected({ refresh: { singleUse: true }, tokenCalls: 1 });
    await hub.complete(await hub.permit({ name: 'other' }));
    await hub.test.clock.advance(hour);
    const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    stage.answer(async () => {
      asked.resolve();
      await go.promise;
      return { json: tokens(9) };
    });
    const calls = ['main', 'other'].map((name) => hub.acme.request(`archive/${name}`, { method: 'GET', path: path`/papers` }));
    await asked.promise;
    for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    const { rows } = await hub.test.storage.configuration.list('acme', 'credential', { cursor: null, limit: 10 });
    expect(rows.map(({ value }) => value.refreshSentAt !== undefined).toSorted()).toEqual([false, true]);
    go.resolve();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('is sent again within the grace that the service gives', async () => {
    const hub = await connected({ refresh: { singleUse: true, graceMs: 600_000 } });
    await hub.test.clock.advance(hour);
    await cutOff(hub);
    await find(hub);
    expect([sentTokens(), await statusOf(hub)]).toEqual([['refresh-number-1'], ['active', null]]);
  });
});

it('is renewed by one of several processes, and all use what that one stored', async () => {
  const storage = memoryStorage();
  const keys = localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') } });
  let late = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + late };
  const options = {
    connectors: [archiveConnector(stage.provider.origin, { refresh: { singleUse: true } })],
    storage,
    clock,
    keys,
    publicUrl: 'https://host.example.com/hub',
    apps: { archive: { oauth: { clientId: 'client-1', clientSecret: 'client-secret-1234567890' } } },
    loopbackOnly: true,
  };
  const hubs = Array.from({ length: 4 }, () => createHub(options));
  const credential = { type: 'oauth2', accessToken: 'access-number-0', refreshToken: 'refresh-number-0', expiresAt: clock.now() } as const;
  await hubs[0]?.tenant('acme').connections.put('main', { connector: 'archive', credential });
  for (let expiry = 1; expiry <= 3; expiry += 1) {
    served = [];
    const calls = hubs.flatMap((hub) =>
      Array.from({ length: 25 }, () => hub.tenant('acme').request('main', { method: 'GET', path: path`/papers` })),
    );
    expect(new Set((await Promise.all(calls)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(served)).toEqual(new Set([`Bearer access-number-${expiry}`]));
    expect(stage.asked.map((fields) => fields.get('refresh_token'))).toEqual(
      Array.from({ length: expiry }, (_, index) => `refresh-number-${index}`),
    );
    late += hour;
  }
  await Promise.all(hubs.map((hub) => hub.stop()));
  await storage.close();
});
