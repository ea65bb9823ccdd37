import { path } from '@patchbay/core';
import type { Transforms } from '@patchbay/core/host';
import { createTestHub } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callInAction } from './call-in-action.ts';
import { depotConnector } from './depot-connector.ts';
import { anything, type DepotStage, depotStage, token } from './depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

const textOf = ({ body }: { readonly body: Uint8Array }): string => Buffer.from(body).toString();
const sent = () => stage.provider.requests.map(({ path: target, body }) => [target, body]);
const post = (hub: Awaited<ReturnType<DepotStage['hub']>>, transform?: Transforms) =>
  hub.acme.request('main', { method: 'POST', path: path`/items/${'7'}`, json: { order: [] }, ...(transform ? { transform } : {}) });

/** Writes its name into what passes. */
const passing = (name: string): Required<Transforms> => ({
  request: ({ json }) => ({ json: { order: [...Object.values(json ?? {}).flat(), name] } }),
  response: ({ json }) => ({ order: [...Object.values(json ?? {}).flat(), name] }),
});

describe('transforms', () => {
  it('see requests from the caller to the service and answers back: of the call, of the hub, of the connector', async () => {
    stage.answer(() => ({ json: { order: ['service'] } }));
    const { request: transformRequest, response: transformResponse } = passing('connector');
    const hub = await stage.hub({ changes: { transformRequest, transformResponse } }, { transforms: { depot: passing('hub') } });
    expect(textOf(await post(hub, passing('call')))).toBe('{"order":["service","connector","hub","call"]}');
    expect(sent()).toEqual([['/v1/items/7', '{"order":["call","hub","connector"]}']]);
  });

  it("hold for a connector's own requests too, and are seen before its schema", async () => {
    stage.answer(() => ({ json: { wrapped: [1, 2] } }));
    const transforms: Transforms = {
      request: ({ query }) => ({ query: { ...query, added: 'yes' } }),
      response: ({ json, status }) =>
        status === 200 && typeof json === 'object' && json !== null && 'wrapped' in json ? json['wrapped'] : undefined,
    };
    const found = await callInAction(stage, ({ http }) => http.get(path`/items`, { query: { a: 1 }, response: anything }), {
      hub: { transforms: { depot: transforms } },
    });
    expect(found).toEqual([1, 2]);
    expect(sent()).toEqual([['/v1/items?a=1&added=yes', '']]);
  });

  it('are shown method, template, query, headers and body, and no credential, path or origin', async () => {
    let seen: unknown;
    const hub = await stage.hub();
    await post(hub, {
      request: (request) => {
        seen = request;
        return undefined;
      },
    });
    expect(seen).toEqual({ method: 'POST', template: '/items/{}', query: {}, headers: {}, json: { order: [] } });
    expect(JSON.stringify(seen)).not.toContain(token);
  });

  it('are not shown what an answer brings to renew a credential', async () => {
    stage.answer(() => ({ json: {}, headers: { 'set-cookie': 'session=1', 'www-authenticate': 'Bearer', 'x-count': '7' } }));
    const hub = await stage.hub();
    let seen: unknown;
    await post(hub, {
      response: ({ headers }) => {
        seen = headers;
        return undefined;
      },
    });
    expect(seen).toMatchObject({ 'x-count': '7' });
    expect(seen).not.toHaveProperty('set-cookie');
    expect(seen).not.toHaveProperty('www-authenticate');
  });

  it.each([
    [{ headers: { authorization: 'Bearer stolen' } }],
    [{ headers: { cookie: 'a=b' } }],
    [{ headers: { Host: 'evil.example' } }],
    [{ headers: { 'transfer-encoding': 'chunked' } }],
    [{ headers: { 'x-odd': '1' } }],
    [{ headers: { accept: 'a\r\nb: c' } }],
  ])('cannot give %j, which a caller could not either', async (change) => {
    const hub = await stage.hub();
    await expect(post(hub, { request: () => change })).rejects.toMatchObject({ code: 'egress_refused', sent: 'no' });
    expect(stage.provider.requests).toEqual([]);
  });

  it('cannot change the path, the method or the origin, nor what they were handed', async () => {
    const hub = await stage.hub();
    const request: NonNullable<Transforms['request']> = (given) => {
      Object.assign(given, { method: 'DELETE', template: '/other', path: '/other', origin: 'http://evil.example' });
      return JSON.parse('{"path":"/other","method":"DELETE","origin":"http://evil.example"}');
    };
    await post(hub, { request });
    expect(stage.provider.requests[0]).toMatchObject({ method: 'POST', path: '/v1/items/7' });
  });

  it.each<[string, Transforms['request']]>([
    [
      'throws',
      () => {
        throw new Error('private words');
      },
    ],
    ['answers by promise', () => JSON.parse('{"then":1}')],
    ['gives no object', () => JSON.parse('"text"')],
    ['gives headers that are none', () => JSON.parse('{"headers":"text"}')],
  ])('of a request that %s ends the call before anything is sent', async (_what, request) => {
    const hub = await stage.hub();
    const error = await post(hub, request ? { request } : {}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'invalid_input', sent: 'no' });
    expect(JSON.stringify(error)).not.toContain('private words');
    expect(stage.provider.requests).toEqual([]);
  });

  it('of a request without a body cannot give it one', async () => {
    const hub = await stage.hub();
    const transform: Transforms = { request: () => ({ json: {} }) };
    await expect(hub.acme.request('main', { method: 'GET', path: path`/items`, transform })).rejects.toMatchObject({
      code: 'invalid_input',
      sent: 'no',
    });
  });

  it.each<[string, Transforms['response']]>([
    [
      'throws',
      () => {
        throw new Error('private words');
      },
    ],
    ['answers by promise', () => JSON.parse('{"then":1}')],
    ['gives no JSON', () => Reflect.get({ odd: Symbol('odd') }, 'odd')],
  ])('of an answer that %s ends the call as one that was done', async (_what, response) => {
    const hub = await stage.hub();
    const error = await post(hub, response ? { response } : {}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'response_invalid', sent: undefined });
    expect(JSON.stringify(error)).not.toContain('private words');
    expect(stage.provider.requests).toHaveLength(1);
  });

  it('leave answers alone that are errors, empty or not JSON', async () => {
    const hub = await stage.hub();
    for (const reply of [{ status: 404, json: {} }, { status: 204 }, { text: '<html>' }, { status: 500, text: 'x' }]) {
      stage.answer(() => reply);
      const before = textOf(await post(hub));
      expect(textOf(await post(hub, { response: () => 'changed' }))).toBe(before);
    }
  });

  it('change what was kept each time, and not what is kept', async () => {
    let calls = 0;
    stage.answer(({ headers }) => (headers['if-none-match'] ? { status: 304 } : { json: { order: [] }, headers: { etag: '"v1"' } }));
    const hub = await stage.hub();
    const transform: Transforms = { response: () => (calls += 1) };
    const ask = () => hub.acme.request('main', { method: 'GET', path: path`/items`, cache: 'etag', transform });
    expect([
      textOf(await ask()),
      textOf(await ask()),
      textOf(await hub.acme.request('main', { method: 'GET', path: path`/items`, cache: 'etag' })),
    ]).toEqual(['1', '2', '{"order":[]}']);
  });

  it('of a connector that is not there, and those that are no functions, are refused with the hub', () => {
    const connectors = [depotConnector({ origin: stage.provider.origin })];
    const made = (transforms: Readonly<Record<string, Transforms>>) => () => createTestHub({ connectors, transforms });
    expect(made({ other: {} })).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('other') }));
    expect(made({ depot: JSON.parse('{"request":"text"}') })).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
