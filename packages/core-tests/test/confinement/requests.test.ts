import { path, type RequestPath } from '@patchbay/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LibraryStage, type LibraryTenant, libraryStage } from './library-stage.ts';

let stage: LibraryStage;
let acme: LibraryTenant;

beforeEach(async () => {
  stage = await libraryStage();
  acme = stage.process().hub.tenant('acme');
  await acme.connections.put('main', {
    connector: 'library',
    credential: { type: 'bearer', token: 'tok-1234567890' },
    confinedTo: { shelf: ['hall/poems'] },
  });
});
afterEach(() => stage.close());

/** What claims to be made by the tag: the brand is a known symbol. */
function forged(value: string): RequestPath {
  return { ...path`/x`, value };
}

it.each<[string, 'GET' | 'POST', RequestPath]>([
  ['what it is confined to', 'GET', path`/shelves/hall/poems`],
  ['what is below it', 'POST', path`/shelves/${'Hall'}/${'POEMS'}/books/${7}`],
  ['what touches none', 'GET', path`/hours`],
])("the host's own request reaches %s", async (_, method, target) => {
  expect((await acme.request('main', { method, path: target })).status).toBe(200);
  expect(stage.provider.requests).toHaveLength(1);
});

it.each<[string, 'GET' | 'POST' | 'DELETE', () => RequestPath]>([
  ['another', 'GET', () => path`/shelves/cellar/secrets`],
  ['another method', 'DELETE', () => path`/shelves/hall/poems`],
  ['a path that the connector does not declare', 'GET', () => path`/readers`],
  ['a path above', 'GET', () => path`/shelves/hall`],
  ['a path in other letters', 'GET', () => path`/Shelves/hall/poems`],
  ['a name with an encoded slash', 'GET', () => path`/shelves/${'hall/poems'}/x`],
  ['a rest that climbs', 'POST', () => forged('/shelves/hall/poems/books/../../../cellar/secrets/books/1')],
  ['a rest that climbs once it is decoded', 'POST', () => forged('/shelves/hall/poems/books/%2e%2e/%2e%2e/x')],
  ['a rest that climbs once it is decoded twice', 'POST', () => forged('/shelves/hall/poems/books/%252e%252e%252f%252e%252e')],
  ['a rest that climbs by an encoded slash', 'POST', () => forged('/shelves/hall/poems/books/..%2f..%2f..%2fcellar')],
  ['a second path behind a question mark', 'GET', () => forged('/shelves/hall/poems?x=/shelves/cellar/secrets')],
  ['another host', 'GET', () => forged('//evil.example/shelves/hall/poems')],
])("the host's own request does not reach %s, and nothing is sent", async (_, method, target) => {
  const request = acme.request('main', { method, path: target() });
  await expect(request).rejects.toMatchObject({ code: expect.stringMatching(/^(resource_refused|egress_refused)$/), sent: 'no' });
  expect(stage.provider.requests).toEqual([]);
});

it('a request is refused for a kind of which the connector declares no paths', async () => {
  await acme.connections.update('main', { confinedTo: { shelf: ['hall/poems'], reader: ['17'] } });
  const request = acme.request('main', { method: 'GET', path: path`/shelves/hall/poems` });
  await expect(request).rejects.toMatchObject({ code: 'resource_refused', details: { resource: 'reader' } });
});

it('a change holds for every request made afterwards', async () => {
  const get = () => acme.request('main', { method: 'GET', path: path`/shelves/hall/poems` });
  await get();
  const other = stage.process().hub.tenant('acme');
  await other.connections.update('main', { confinedTo: { shelf: ['cellar/secrets'] } });
  await expect(get()).rejects.toMatchObject({ code: 'resource_refused' });
  await other.connections.update('main', { confinedTo: null });
  await acme.request('main', { method: 'GET', path: path`/readers` });
  expect(stage.provider.requests).toHaveLength(2);
});

it("the health check is the connector's own and needs no resource", async () => {
  expect(await acme.connections.test('main')).toMatchObject({ healthy: true });
});
