import { randomBytes } from 'node:crypto';
import { type ConnectorHttp, createHub, localKeys, path } from '@patchbay/core';
import type { GatewayRequest } from '@patchbay/core/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callInAction } from './call-in-action.ts';
import { depotConnector } from './depot-connector.ts';
import { anything, type DepotHub, type DepotStage, depotStage, token } from './depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

type Ask = Partial<GatewayRequest>;

const textOf = ({ body }: { readonly body: Uint8Array }): string => Buffer.from(body).toString();
const asked = () => stage.provider.requests.map(({ headers }) => headers['if-none-match'] ?? headers['if-modified-since'] ?? 'anew');
const ask = async ({ acme }: Pick<DepotHub, 'acme'>, options: Ask = {}) =>
  acme.request('main', { method: 'GET', path: path`/items`, cache: 'etag', ...options });

/** A service whose thing has a version; it says 304 to who has it. */
function versioned(headers: Readonly<Record<string, string>> = {}) {
  const thing = { version: 1 };
  stage.answer(({ headers: given }) => {
    const etag = `"v${thing.version}"`;
    if (given['if-none-match'] === etag) return { status: 304, headers: { etag, ...headers } };
    return { json: { version: thing.version }, headers: { etag, ...headers } };
  });
  return thing;
}

describe('an answer that may be kept', () => {
  it('is asked about, and given again where it has not changed', async () => {
    const thing = versioned();
    const hub = await stage.hub();
    const first = await ask(hub);
    expect([first.status, first.fromCache, textOf(first)]).toEqual([200, undefined, '{"version":1}']);
    const again = await ask(hub);
    expect([again.status, again.fromCache, textOf(again)]).toEqual([200, true, '{"version":1}']);
    thing.version = 2;
    expect(textOf(await ask(hub))).toBe('{"version":2}');
    expect((await ask(hub)).fromCache).toBe(true);
    expect(asked()).toEqual(['anew', '"v1"', '"v1"', '"v2"']);
    expect(hub.test.noticesOf('api.requested').map(({ status }) => status)).toEqual([200, 304, 200, 304]);
  });

  it('is asked about by its date where it has no tag', async () => {
    const date = 'Sun, 01 Nov 2026 10:00:00 GMT';
    stage.answer(({ headers }) =>
      headers['if-modified-since'] === date ? { status: 304 } : { json: 1, headers: { 'last-modified': date } },
    );
    const hub = await stage.hub();
    await ask(hub);
    expect(await ask(hub)).toMatchObject({ status: 200, fromCache: true });
  });

  it('is given without asking only where that is wanted and it is fresh', async () => {
    versioned({ 'cache-control': 'private, max-age=60' });
    const hub = await stage.hub();
    await ask(hub, { cache: true });
    expect(await ask(hub, { cache: true })).toMatchObject({ fromCache: true });
    expect(stage.provider.requests).toHaveLength(1);
    await ask(hub, { cache: 'etag' });
    expect(stage.provider.requests).toHaveLength(2);
    await hub.clock.advance(59_999);
    await ask(hub, { cache: true });
    expect(stage.provider.requests).toHaveLength(2);
    await hub.clock.advance(60_001);
    await ask(hub, { cache: true });
    expect(asked()).toEqual(['anew', '"v1"', '"v1"']);
  });

  it('is not kept where its caller or the service does not let it, or it is no good answer', async () => {
    const hub = await stage.hub();
    const tagged = { etag: '"v1"' };
    const keeping: Ask = { cache: 'etag' };
    const options: readonly (readonly [Ask, Parameters<DepotStage['answer']>[0]])[] = [
      [keeping, () => ({ json: 1, headers: { ...tagged, 'cache-control': 'no-store' } })],
      [{ cache: true }, () => ({ json: 1, headers: { 'cache-control': 'no-store, max-age=60' } })],
      [keeping, () => ({ json: 1, headers: { ...tagged, vary: '*' } })],
      [keeping, () => ({ json: 1 })],
      [keeping, () => ({ status: 404, json: 1, headers: tagged })],
      [keeping, () => ({ status: 206, json: 1, headers: tagged })],
      [{ cache: true, method: 'POST', json: {} }, () => ({ json: 1, headers: { ...tagged, 'cache-control': 'max-age=60' } })],
      [{}, () => ({ json: 1, headers: tagged })],
    ];
    for (const [index, [given, answer]] of options.entries()) {
      stage.answer(answer);
      const call = () => hub.acme.request('main', { method: 'GET', path: path`/items`, query: { index }, ...given });
      await call();
      expect((await call()).fromCache).toBeUndefined();
    }
    expect(new Set(asked())).toEqual(new Set(['anew']));
  });

  it('is gone when the service takes it back', async () => {
    const thing = versioned();
    const hub = await stage.hub();
    await ask(hub);
    stage.answer(() => ({ status: 404, json: {} }));
    expect(await ask(hub)).toMatchObject({ status: 404 });
    thing.version = 1;
    stage.answer(() => ({ json: 1 }));
    await ask(hub);
    expect(asked()).toEqual(['anew', '"v1"', 'anew']);
  });

  it('survives a failure of the service', async () => {
    versioned();
    const hub = await stage.hub();
    await ask(hub);
    for (const status of [429, 500, 503]) {
      stage.answer(() => ({ status, json: {} }));
      expect(await ask(hub)).toMatchObject({ status });
      // A limit that was told of no end is left alone for a while.
      if (status === 429) await hub.clock.advance(2_000);
    }
    versioned();
    expect(await ask(hub)).toMatchObject({ status: 200, fromCache: true });
  });

  it('answers the same question alone: other paths, queries and headers are others', async () => {
    versioned();
    const hub = await stage.hub();
    await ask(hub);
    for (const other of [
      { path: path`/items/2` },
      { query: { page: 2 } },
      { headers: { accept: 'text/plain' } },
      { headers: { 'accept-language': 'de' } },
    ])
      await ask(hub, other);
    expect(asked()).toEqual(Array(5).fill('anew'));
  });

  it('never answers another tenant or connection, though the service gives one tag for all of them', async () => {
    stage.answer(({ headers }) =>
      headers['if-none-match'] ? { status: 304 } : { json: headers['authorization']?.slice(-4) ?? '', headers: { etag: '"all"' } },
    );
    const hub = await stage.hub();
    await hub.acme.connections.put('second', { connector: 'depot', credential: { type: 'bearer', token: 'tok-of-second-2222' } });
    const other = hub.test.tenant('other');
    await other.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token: 'tok-of-other-3333' } });
    const request = { method: 'GET', path: path`/items`, cache: true } as const;
    for (const round of [1, 2]) {
      expect(textOf(await hub.acme.request('main', request)), `round ${round}`).toBe('"7890"');
      expect(textOf(await hub.acme.request('second', request))).toBe('"2222"');
      expect(textOf(await other.request('main', request))).toBe('"3333"');
    }
    expect(asked()).toEqual(['anew', 'anew', 'anew', '"all"', '"all"', '"all"']);
  });

  it('is of one credential: another one asks anew, and a connection that has ended gives nothing', async () => {
    versioned({ 'cache-control': 'max-age=3600' });
    const hub = await stage.hub();
    await ask(hub, { cache: true });
    await hub.acme.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token: 'tok-another-55' } });
    expect((await ask(hub, { cache: true })).fromCache).toBeUndefined();
    await hub.acme.connections.disconnect('main');
    await expect(ask(hub, { cache: true })).rejects.toMatchObject({ code: 'credential_missing' });
    expect(asked()).toEqual(['anew', 'anew']);
  });

  it('is not given to a connection that has been confined since', async () => {
    versioned({ 'cache-control': 'max-age=3600' });
    const resources = {
      list: { title: 'List', example: 'a', pattern: '[a-z]+', letters: 'exact', paths: [{ path: '/lists/{}' }] },
    } as const;
    const hub = await stage.hub({ changes: { resources } });
    const request: Ask = { path: path`/lists/${'home'}`, cache: true };
    await ask(hub, request);
    expect((await ask(hub, request)).fromCache).toBe(true);
    const credential = { type: 'bearer', token } as const;
    await hub.acme.connections.put('main', { connector: 'depot', credential, confinedTo: { list: ['away'] } });
    await expect(ask(hub, request)).rejects.toMatchObject({ code: 'resource_refused' });
    await hub.acme.connections.put('main', { connector: 'depot', credential, confinedTo: { list: ['home'] } });
    expect((await ask(hub, request)).fromCache).toBeUndefined();
  });

  it('is of one credential and one confinement, also where another process has changed them', async () => {
    versioned({ 'cache-control': 'max-age=3600' });
    const resources = { list: { title: 'List', example: 'a', pattern: '[a-z]+', letters: 'exact', paths: [{ path: '/lists' }] } } as const;
    const given = { keys: localKeys({ active: 'test', keys: { test: randomBytes(32).toString('base64') } }) };
    const hub = await stage.hub({ changes: { resources } }, given);
    const connectors = [depotConnector({ origin: stage.provider.origin, changes: { resources } })];
    const { storage, clock } = hub.test;
    const elsewhere = createHub({ ...given, connectors, storage, clock, publicUrl: 'https://app.example.com', loopbackOnly: true });
    const request: Ask = { path: path`/lists`, cache: true };
    await ask(hub, request);
    expect((await ask(hub, request)).fromCache).toBe(true);
    const { connections } = elsewhere.tenant('acme');
    const other = { type: 'bearer', token: 'tok-another-55' } as const;
    await connections.put('main', { connector: 'depot', credential: other });
    await clock.advance(2_000);
    expect((await ask(hub, request)).fromCache).toBeUndefined();
    expect((await ask(hub, request)).fromCache).toBe(true);
    await connections.update('main', { confinedTo: { list: ['home'] } });
    await clock.advance(2_000);
    expect((await ask(hub, request)).fromCache).toBeUndefined();
    await elsewhere.stop();
  });

  it('is kept without the credential that the service repeats in it', async () => {
    stage.answer(({ headers }) =>
      headers['if-none-match'] ? { status: 304 } : { json: { token }, headers: { etag: '"v1"', 'x-token': token } },
    );
    const hub = await stage.hub();
    await ask(hub);
    const again = await ask(hub);
    expect(again.fromCache).toBe(true);
    expect(textOf(again) + JSON.stringify(again.headers)).not.toContain(token);
  });

  it('is not kept of a stream', async () => {
    versioned({ 'cache-control': 'max-age=60' });
    const hub = await stage.hub();
    const request = { method: 'GET', path: path`/items`, cache: true, response: 'stream' } as const;
    for (const _round of [1, 2]) await (await hub.acme.request('main', request)).body.cancel();
    expect(asked()).toEqual(['anew', 'anew']);
  });

  it('is not what its caller has written into', async () => {
    versioned();
    const hub = await stage.hub();
    for (const _round of [1, 2, 3]) {
      const answer = await ask(hub);
      expect(textOf(answer)).toBe('{"version":1}');
      answer.body.fill(0);
    }
  });

  it('leaves a caller alone who has conditions of its own', async () => {
    versioned();
    const hub = await stage.hub();
    await ask(hub);
    expect(await ask(hub, { headers: { 'If-None-Match': '"v1"' } })).toMatchObject({ status: 304 });
    expect(await ask(hub, { headers: { 'if-none-match': '"v0"' } })).toMatchObject({ status: 200 });
    expect(asked()).toEqual(['anew', '"v1"', '"v0"']);
  });

  it('has no room where the host gives none, nor where it is too large', async () => {
    versioned();
    const none = await stage.hub({}, { responseCache: { maximumBytes: 0 } });
    await ask(none);
    expect((await ask(none)).fromCache).toBeUndefined();
    stage.answer(() => ({ json: 'x'.repeat(2_000), headers: { etag: '"v1"' } }));
    const small = await stage.hub({}, { responseCache: { maximumBytes: 8_000 } });
    await ask(small);
    await ask(small);
    expect(asked()).toEqual(Array(4).fill('anew'));
  });
});

describe('a read of an action', () => {
  const twice = (http: ConnectorHttp) => async () => {
    const read = () => http.get(path`/items`, { response: anything, cache: 'etag' });
    return [await read(), await read()];
  };

  it('is parsed from what is kept as from what came', async () => {
    versioned();
    expect(await callInAction(stage, ({ http }) => twice(http)())).toEqual([{ version: 1 }, { version: 1 }]);
    expect(asked()).toEqual(['anew', '"v1"']);
  });

  it('keeps no answer that is an error in spite of its status', async () => {
    stage.answer(({ headers }) => (headers['if-none-match'] ? { status: 304 } : { json: { ok: false }, headers: { etag: '"v1"' } }));
    const changes = {
      errorsInSuccess: true,
      mapError: ({ body }: { readonly body: unknown }) =>
        JSON.stringify(body) === '{"ok":false}'
          ? ({ code: 'provider_rejected', message: 'Not well.', retryable: false } as const)
          : undefined,
    };
    const outcome = callInAction(
      stage,
      ({ http }) => Promise.allSettled([1, 2].map(() => http.get(path`/items`, { response: anything, cache: 'etag' }))),
      { changes },
    );
    expect((await outcome).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked()).toEqual(['anew', 'anew']);
  });
});
