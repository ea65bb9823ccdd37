import { isPatchbayError, type Json, path, type RequestPath } from '@patchbay/core';
import { createTestHub, type FakeProvider, hashCredential, type ProviderHandler, startFakeProvider } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type DepotRun, depotConnector } from './depot-connector.ts';
import { type TcpSink, tcpSink } from './tcp-sink.ts';

const token = 'tok-1234567890';
const anything = z.json();

let provider: FakeProvider;
let sink: TcpSink;
let handler: ProviderHandler;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  handler = () => ({ json: { ok: true } });
  provider = await startFakeProvider({ handler: (request) => handler(request) });
  sink = await tcpSink();
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await provider.close();
  await sink.close();
});

async function setUp(run?: DepotRun) {
  const test = createTestHub({ connectors: [depotConnector({ origin: provider.origin, ...(run ? { run } : {}) })], logger: quiet });
  open.push(test);
  const acme = test.tenant('acme');
  await acme.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token } });
  return { test, acme };
}
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** Nothing has come to the sink, and whatever came to the provider was below its base path, with the credential. */
function expectPinned(): void {
  expect(sink.connections()).toBe(0);
  for (const { path: target, headers } of provider.requests) {
    expect(target).toMatch(/^\/v1\//);
    expect(new URL(target, provider.origin).pathname).toMatch(/^\/v1\//);
    expect(headers['authorization']).toBe(hashCredential(`Bearer ${token}`));
  }
}

const hostile = (): readonly string[] => {
  const evil = `127.0.0.1:${sink.port}`;
  return [
    `http://${evil}/x`,
    `//${evil}/x`,
    `\\\\${evil}\\x`,
    `/\\${evil}`,
    `@${evil}/`,
    `.${evil}/`,
    `:80@${evil}/`,
    `\t//${evil}`,
    `/%5c${evil}`,
    `/%2f%2f${evil}`,
    `?next=http://${evil}`,
    `#@${evil}/`,
    '../../admin',
    '..%2f..%2fadmin',
    '%2e%2e/%2e%2e/admin',
    '..%252f..%252fadmin',
    '/‥/',
    '．．/admin',
    'javascript:1',
    'data:,x',
    ':8080/',
    'users HTTP/1.1\r\nX: y',
    'a\u0000b',
    '\ud800',
    '',
    '.',
    '..',
  ];
};

/** A path as code could forge it past the tag: the brand is no secret. */
function forged(value: string): RequestPath {
  const made = path`/x`;
  return Object.assign(Object.create(null), ...Object.getOwnPropertySymbols(made).map((symbol) => ({ [symbol]: true })), {
    value,
    template: '/x',
  });
}

describe('a credential goes nowhere but to the pinned origin', () => {
  it('whatever stands in a path, a query or a header', async () => {
    const { acme } = await setUp();
    for (const value of hostile()) {
      const calls = [
        () => acme.request('main', { method: 'GET', path: path`/items/${value}/end` }),
        () => acme.request('main', { method: 'GET', path: path`/${value}` }),
        () => acme.request('main', { method: 'GET', path: forged(value) }),
        () => acme.request('main', { method: 'GET', path: forged(`/${value}`) }),
        () => acme.request('main', { method: 'GET', path: path`/items`, query: { [value]: value } }),
        () => acme.request('main', { method: 'GET', path: path`/items`, headers: { accept: value } }),
        () => acme.request('main', { method: 'GET', path: path`/items`, headers: { [value]: '1' } }),
      ];
      for (const call of calls) {
        const error = await Promise.resolve()
          .then(call)
          .then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
        if (error !== undefined) expect(isPatchbayError(error) && error.sent !== 'maybe').toBe(true);
      }
    }
    expectPinned();
    // The honest forms have gone through.
    expect(provider.requests.length).toBeGreaterThan(hostile().length);
  });

  it.each([
    ['host', '127.0.0.1:1'],
    ['Host', '127.0.0.1:1'],
    ['authorization', 'Bearer mine'],
    ['Authorization', 'Bearer mine'],
    ['AUTHORIZATION', ''],
    ['cookie', 'a=1'],
    ['x-forwarded-host', '127.0.0.1:1'],
    ['transfer-encoding', 'chunked'],
    ['connection', 'close, authorization'],
    ['content-length', '0'],
    ['base-url-override', 'http://127.0.0.1:1'],
  ])('and no header of a caller changes where, or whose it is: %s', async (name, value) => {
    const { acme } = await setUp();
    await expect(acme.request('main', { method: 'POST', path: path`/items`, headers: { [name]: value }, json: {} })).rejects.toMatchObject({
      code: 'egress_refused',
      sent: 'no',
    });
    expect(provider.requests).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('and no answer %d takes it elsewhere, from an action or from the host', async (status) => {
    for (const where of [`http://127.0.0.1:${sink.port}/x`, `//127.0.0.1:${sink.port}/x`, `http://x@127.0.0.1:${sink.port}`]) {
      handler = () => ({
        status,
        headers: { location: where, refresh: `0; url=${where}`, 'content-location': where },
        json: { next: where },
      });
      const { test, acme } = await setUp(({ http }) => http.post(path`/items`, { json: {}, response: anything }));
      expect(await acme.request('main', { method: 'GET', path: path`/items` })).toMatchObject({ status });
      const call = await acme.actions.execute('depot.unsafe', { connection: 'main', input: {} });
      await test.hub.work();
      expect((await acme.dispatches.get(call.dispatchId)).error).toMatchObject({ code: 'provider_rejected', status });
    }
    expectPinned();
    expect(provider.requests).toHaveLength(6);
  });

  it('and no link to a next page does', async () => {
    const run: DepotRun = async ({ http }) => {
      const items: Json[] = [];
      const options = {
        response: anything,
        items: () => [1],
        next: (_page: Json, link: Readonly<Record<string, string>> | undefined) => link,
      };
      for await (const item of http.pages(path`/items`, options)) items.push(item);
      return items;
    };
    handler = ({ query }) => {
      const page = Number(query.get('page') ?? 1);
      const link = `<http://127.0.0.1:${sink.port}/steal?page=${page + 1}&api=//127.0.0.1:${sink.port}>; rel="next"`;
      return { json: {}, headers: page < 4 ? { link } : {} };
    };
    const { test, acme } = await setUp(run);
    const call = await acme.actions.execute('depot.read', { connection: 'main', input: {} });
    await test.hub.work();
    expect(await acme.dispatches.get(call.dispatchId)).toMatchObject({ status: 'succeeded', output: [1, 1, 1, 1] });
    expectPinned();
    expect(provider.requests.map(({ path: target }) => new URL(target, provider.origin).pathname)).toEqual(Array(4).fill('/v1/items'));
  });

  it("nor to another connector's service, though a connection of it is named", async () => {
    const { acme, test } = await setUp();
    const elsewhere = await acme.connections.get('main');
    const { configuration } = test.storage;
    const row = await configuration.get('acme', 'connection', elsewhere.id);
    if (!row) throw new Error('no connection');
    // As if a row had been changed in the store.
    const value = { ...row.value, connector: 'other' };
    const call = await acme.actions.execute('depot.read', { connection: 'main', input: {} });
    await configuration.write('acme', [{ put: 'connection', id: row.id, name: row.name, expect: row.version, value }]);
    await test.clock.advance(2_000);
    await test.hub.work();
    expect(await acme.dispatches.get(call.dispatchId)).toMatchObject({ status: 'dead', error: { code: 'credential_missing' } });
    expect(provider.requests).toEqual([]);
  });
});
