import { Socket } from 'node:net';
import { createHub, localKeys, path } from '@patchbay/core';
import { systemClock } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import urls from '../../../core/src/net/__fixtures__/ssrf-urls.json' with { type: 'json' };
import { createNetwork } from '../../../core/src/net/create-network.ts';
import { createServerTurns } from '../../../core/src/oauth/create-server-turns.ts';
import { discoverServer } from '../../../core/src/oauth/discover-server.ts';
import { postToServer, readFromServer } from '../../../core/src/oauth/token-transport.ts';
import { depotConnector } from './depot-connector.ts';
import { anything, token } from './depot-stage.ts';

/** Where sockets of this process would have gone; none gets there. */
let connects: unknown[] = [];
beforeEach(() => {
  connects = [];
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...parameters: unknown[]) {
    connects.push(parameters);
    process.nextTick(() => this.destroy(Object.assign(new Error('offline'), { code: 'ENETUNREACH' })));
    return this;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Places that no socket may go to. Other faults of a URL, which its origin no longer shows, are tried where URLs are read. */
const forbidden = [
  ...new Set(
    urls.flatMap(({ url }) => {
      const parsed = URL.parse(url);
      return parsed === null || parsed.origin === 'null' || parsed.origin.includes('public.test-vector') ? [] : [parsed.origin];
    }),
  ),
];

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );

it('no way out that core has opens a socket to a forbidden place', async () => {
  expect(forbidden.length).toBeGreaterThan(100);
  const network = createNetwork({ clock: systemClock });
  const through = { network, clock: systemClock, turns: createServerTurns(systemClock) };
  const plain = { path: '/', headers: [], maxResponseBytes: 100 };
  const caller = { tenant: 'acme' };
  const identity = { certificate: 'PEM', privateKey: 'PEM' };
  const ways: Readonly<Record<string, (origin: string) => Promise<unknown>>> = {
    'a request of a connector': (origin) => network.request({ ...plain, origin, method: 'GET' }),
    'a delivery': (origin) => network.request({ ...plain, origin, method: 'POST', body: '{}', overflow: 'truncate' }),
    'a request with a client certificate': (origin) => network.request({ ...plain, origin, method: 'GET', identity }),
    'a socket of another protocol': (origin) => network.connect({ host: new URL(origin).hostname, port: 443 }),
    'a token request or a revocation': (origin) => postToServer(through, { url: `${origin}/token`, caller, headers: [] }),
    'keys of a server': (origin) => readFromServer(through, { url: `${origin}/jwks`, caller }),
    discovery: (origin) => discoverServer(through, { issuer: origin, tenant: 'acme' }),
  };
  for (const origin of forbidden) {
    expect([origin, await codeOf(Promise.resolve().then(() => network.check(origin)))]).toEqual([origin, 'egress_refused']);
    for (const [way, go] of Object.entries(ways)) expect([way, origin, await codeOf(go(origin))]).toEqual([way, origin, 'egress_refused']);
  }
  await network.close();
  expect(connects).toEqual([]);
});

it('no hub opens a socket to a forbidden place, whatever the origin of a connector says', async () => {
  const origins = forbidden.filter((origin) => /^https?:\/\/[a-z0-9.:[\]-]+$/.test(origin)).filter((_, index) => index % 6 === 0);
  expect(origins.length).toBeGreaterThan(15);
  for (const origin of origins) {
    const connector = depotConnector({ origin, run: ({ http }) => http.post(path`/items`, { json: {}, response: anything }) });
    const hub = createHub({
      connectors: [connector],
      storage: memoryStorage(),
      keys: localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') } }),
      publicUrl: 'https://host.example.com/hub',
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const acme = hub.tenant('acme');
    await acme.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token } });
    expect([origin, await codeOf(acme.request('main', { method: 'GET', path: path`/items` }))]).toEqual([origin, 'egress_refused']);
    expect([origin, (await acme.connections.test('main')).healthy]).toEqual([origin, false]);
    const { dispatchId } = await acme.actions.execute('depot.unsafe', { connection: 'main', input: {} });
    await hub.work();
    expect([origin, (await acme.dispatches.get(dispatchId)).error?.code]).toEqual([origin, 'egress_refused']);
    await hub.stop();
  }
  expect(connects).toEqual([]);
});
