import { path } from '@patchbay/core';
import type { ApiVersion } from '@patchbay/core/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { depotConnector } from './depot-connector.ts';
import { type DepotStage, depotStage, token } from './depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

const credential = { type: 'bearer', token } as const;
const last = () => stage.provider.requests.at(-1);

describe('the version of an API', () => {
  it.each<[string, ApiVersion, object]>([
    ['a header', { header: 'x-api-version', value: '2022-11-28' }, { path: '/v1/items', headers: { 'x-api-version': '2022-11-28' } }],
    ['the query', { query: 'api-version', value: '7.1' }, { path: '/v1/items?api-version=7.1' }],
    ['the path', { path: '/v{version}', value: '3.1' }, { path: '/v1/v3.1/items' }],
    [
      'the media type',
      { mediaType: 'application/vnd.depot.v{version}+json', value: '3' },
      { headers: { accept: 'application/vnd.depot.v3+json' } },
    ],
  ])('stands in %s of every request', async (_where, apiVersion, expected) => {
    const hub = await stage.hub({ changes: { apiVersion } });
    await hub.get();
    expect(last()).toMatchObject(expected);
    await hub.acme.connections.test('main');
    expect(stage.provider.requests).toHaveLength(2);
  });

  it('is another where a connection is pinned to one that is supported', async () => {
    const apiVersion: ApiVersion = { header: 'x-api-version', value: '2', supported: ['1', '2', '3'] };
    const hub = await stage.hub({ changes: { apiVersion } });
    await hub.acme.connections.put('main', { connector: 'depot', credential, settings: { apiVersion: '3' } });
    await hub.get();
    expect(last()?.headers['x-api-version']).toBe('3');
    await expect(hub.acme.connections.put('main', { connector: 'depot', credential, settings: { apiVersion: '4' } })).rejects.toMatchObject(
      {
        code: 'invalid_argument',
        message: expect.stringContaining('2, 1, 3'),
      },
    );
    for (const odd of [4, null, ['2'], 'toString'])
      await expect(
        hub.acme.connections.put('main', { connector: 'depot', credential, settings: { apiVersion: odd } }),
      ).rejects.toMatchObject({ code: 'invalid_argument' });
    await hub.acme.connections.put('main', { connector: 'depot', credential });
    await hub.get();
    expect(last()?.headers['x-api-version']).toBe('2');
  });

  it('of a pin that is supported no more sends nothing', async () => {
    const hub = await stage.hub({ changes: { apiVersion: { header: 'x-api-version', value: '2', supported: ['1'] } } });
    await hub.acme.connections.put('main', { connector: 'depot', credential, settings: { apiVersion: '1' } });
    const { configuration } = hub.test.storage;
    const { id } = await hub.acme.connections.get('main');
    const row = await configuration.get('acme', 'connection', id);
    if (!row) throw new Error('no connection');
    // As another release of the connector wrote it.
    const value = { ...row.value, settings: { apiVersion: '0' } };
    await configuration.write('acme', [{ put: 'connection', id, name: row.name, value, expect: row.version }]);
    await hub.clock.advance(2_000);
    await expect(hub.get()).rejects.toMatchObject({ code: 'configuration_invalid', sent: 'no' });
    expect(stage.provider.requests).toEqual([]);
  });

  it('stands in the manifest with all that are supported', () => {
    const manifestWith = (apiVersion: ApiVersion) =>
      depotConnector({ origin: stage.provider.origin, changes: { apiVersion } }).manifest.apiVersion;
    expect(manifestWith({ header: 'x-v', value: '2', supported: ['1', '2'] })).toEqual({ version: '2', supported: ['2', '1'] });
    expect(manifestWith({ query: 'v', value: '2' })).toEqual({ version: '2', supported: ['2'] });
    expect(depotConnector({ origin: stage.provider.origin }).manifest.apiVersion).toBeNull();
  });

  it.each([
    '{"value":"1"}',
    '{"value":"1","header":"a","query":"b"}',
    '{"value":"","header":"a"}',
    '{"value":"1/../2","path":"/v{version}"}',
    '{"value":"1","supported":["a b"],"header":"a"}',
    '{"value":"1","header":"a b"}',
    '{"value":"1","path":"v{version}"}',
    '{"value":"1","path":"/../{version}"}',
    '{"value":"1","path":"/v"}',
    '{"value":"1","mediaType":"application/json"}',
  ])('cannot be declared as %s', (text) => {
    expect(() => depotConnector({ origin: stage.provider.origin, changes: { apiVersion: JSON.parse(text) } })).toThrow(
      expect.objectContaining({ code: 'connector_invalid', message: expect.stringContaining('apiVersion') }),
    );
  });
});

describe('what a service says of an end', () => {
  it('becomes a notice, once a day for each method and path', async () => {
    const headers = {
      deprecation: '@1767225600',
      sunset: 'Thu, 31 Dec 2026 23:59:59 GMT',
      link: '<https://docs.example.com/v2>; rel="deprecation"',
    };
    stage.answer(() => ({ json: {}, headers }));
    const hub = await stage.hub();
    const { id } = await hub.acme.connections.get('main');
    const at = hub.clock.now();
    await hub.get();
    await hub.get();
    await hub.acme.request('main', { method: 'GET', path: path`/items/${'private'}` });
    await hub.post();
    const common = {
      tenant: 'acme',
      connectorId: 'depot',
      connectionId: id,
      deprecatedAt: 1_767_225_600_000,
      sunsetAt: Date.UTC(2026, 11, 31, 23, 59, 59),
      link: 'https://docs.example.com/v2',
      at,
    };
    expect(hub.test.noticesOf('api.deprecated')).toEqual([
      { ...common, method: 'GET', pathTemplate: '/v1/items' },
      { ...common, method: 'GET', pathTemplate: '/v1/items/{}' },
      { ...common, method: 'POST', pathTemplate: '/v1/items' },
    ]);
    await hub.clock.advance(86_400_000);
    await hub.get();
    expect(hub.test.noticesOf('api.deprecated')).toHaveLength(4);
  });

  it('is heard in errors too, and nothing is told where nothing ends', async () => {
    const hub = await stage.hub();
    await hub.get();
    expect(hub.test.noticesOf('api.deprecated')).toEqual([]);
    stage.answer(() => ({ status: 410, json: {}, headers: { sunset: 'Thu, 01 Jan 2026 00:00:00 GMT' } }));
    await hub.get();
    expect(hub.test.noticesOf('api.deprecated')).toMatchObject([{ deprecatedAt: null, sunsetAt: Date.UTC(2026, 0, 1), link: null }]);
  });
});
