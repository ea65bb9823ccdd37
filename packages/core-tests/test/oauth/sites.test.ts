import { path } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from './archive-stage.ts';
import { wikiStage } from './wiki-stage.ts';

let stage: Awaited<ReturnType<typeof wikiStage>>;
beforeEach(async () => {
  stage = await wikiStage();
});
afterEach(() => stage.close());

const two = [
  { id: 'a1', label: 'acme' },
  { id: 'g2', label: 'globex' },
];
const asked = () => stage.provider.requests.map(({ path: at }) => at);
const gates = () => stage.test.storage.gates.list('acme');

describe('a grant that reaches one site', () => {
  it('is to that one, and the connection has the account that the service names', async () => {
    const { connection, sites } = await stage.connect();
    expect(connection).toMatchObject({
      status: 'active',
      settings: { siteId: 'a1', site: 'acme' },
      externalAccountId: 'u-1',
      externalAccountName: 'Mona',
    });
    expect([sites, asked(), await gates()]).toEqual([[], ['/token', '/sites', '/at/a1/api/me'], []]);
    expect(stage.test.noticesOf('connection.connected')).toMatchObject([{ connectionId: connection.id, externalAccountId: 'u-1' }]);
    expect(new Set(stage.test.noticesOf('api.requested').map(({ connectionId }) => connectionId))).toEqual(new Set([connection.id]));
  });

  it('sends its requests to the origin and the path of its way in, as another credential does to the connector’s own', async () => {
    await stage.connect();
    expect((await stage.acme.request('main', { method: 'GET', path: path`/me` })).status).toBe(200);
    expect(asked().at(-1)).toBe('/at/a1/api/me');
    await stage.acme.connections.put('other', {
      connector: 'wiki',
      credential: { type: 'bearer', token: 't' },
      settings: { site: 'acme' },
    });
    expect((await failureOf(stage.acme.request('other', { method: 'GET', path: path`/me` }))).code).toBe('egress_refused');
  });

  it('asks for the scopes of the connector itself, and does not miss offline_access where a refresh token came', async () => {
    const { url } = await stage.acme.oauth.beginConnect({ connector: 'wiki', name: 'main', hostUser: 'user-1', returnTo: '/done' });
    expect(new URL(url).searchParams.get('scope')).toBe('offline_access read:me');
    expect((await stage.connect()).missingScopes).toEqual([]);
    stage.world.scope = 'other';
    expect((await stage.connect()).missingScopes).toEqual(['read:me']);
  });
});

describe('a grant that reaches several sites', () => {
  beforeEach(() => {
    stage.world.sites = two;
  });

  it('can still be chosen from when somebody begins anew and does not finish, however long ago', async () => {
    const { connection } = await stage.connect();
    await stage.acme.oauth.beginConnect({ connector: 'wiki', name: 'main', hostUser: 'user-1', returnTo: '/done' });
    await stage.test.clock.advance(11 * 60_000);
    await stage.test.hub.work();
    expect(await stage.acme.connections.get('main')).toMatchObject({
      id: connection.id,
      status: 'initializing',
      statusReason: 'choose_site',
    });
    expect(await stage.acme.oauth.chooseSite({ connection: 'main', site: 'g2' })).toMatchObject({ id: connection.id, status: 'active' });
  });

  it('waits for the person’s choice, and is used for nothing before', async () => {
    const { connection, sites } = await stage.connect();
    expect([connection.status, connection.statusReason, connection.settings]).toEqual(['initializing', 'choose_site', {}]);
    expect(sites.map(({ id, name, url }) => [id, name, url])).toEqual([
      ['a1', 'acme', 'https://acme.wiki.example.com'],
      ['g2', 'globex', 'https://globex.wiki.example.com'],
    ]);
    expect(await gates()).toMatchObject([{ lane: `connection:${connection.id}`, reason: 'connection' }]);
    expect((await failureOf(stage.acme.request('main', { method: 'GET', path: path`/me` }))).code).toBe('credential_missing');
    expect(stage.test.noticesOf('connection.connected')).toEqual([]);

    expect(await stage.acme.oauth.sites('main')).toEqual(sites);
    expect(await stage.acme.oauth.chooseSite({ connection: 'main', site: 'g2' })).toMatchObject({
      id: connection.id,
      status: 'active',
      statusReason: null,
      settings: { siteId: 'g2', site: 'globex' },
      externalAccountId: 'u-1',
    });
    expect([asked().at(-1), await gates()]).toEqual(['/at/g2/api/me', []]);
    expect(stage.test.noticesOf('connection.connected')).toHaveLength(1);
  });

  it('ends when the host has said, also where that was said before the choice', async () => {
    await stage.connect();
    await stage.acme.connections.update('main', { expiresAt: stage.test.clock.now() + 86_400_000 });
    expect(await stage.acme.oauth.chooseSite({ connection: 'main', site: 'g2' })).toMatchObject({ status: 'active' });
    await stage.test.clock.advance(86_400_000);
    await stage.test.hub.work();
    expect(await stage.acme.connections.get('main')).toMatchObject({ status: 'token_expired', statusReason: 'expired' });
  });

  it('can be chosen from for longer than an access token lives, and still waits when it was renewed', async () => {
    const { connection } = await stage.connect();
    await stage.test.clock.advance(2 * 3_600_000);
    expect(await stage.acme.oauth.sites('main')).toHaveLength(2);
    expect(asked().filter((at) => at === '/token')).toHaveLength(2);
    expect(await stage.acme.connections.get('main')).toMatchObject({ status: 'initializing', statusReason: 'choose_site' });
    expect((await failureOf(stage.acme.request('main', { method: 'GET', path: path`/me` }))).code).toBe('credential_missing');
    await stage.test.clock.advance(2 * 3_600_000);
    expect(await stage.acme.oauth.chooseSite({ connection: 'main', site: 'g2' })).toMatchObject({ id: connection.id, status: 'active' });
    expect((await stage.acme.request('main', { method: 'GET', path: path`/me` })).status).toBe(200);
  });

  it('is not used with what came while a renewal of the one before was waited for', async () => {
    stage.world.sites = two.slice(0, 1);
    await stage.connect();
    await stage.test.clock.advance(2 * 3_600_000);
    stage.world.sites = [{ id: 'x9', label: 'initech' }, ...two.slice(1)];
    const { leases } = stage.test.storage;
    const acquire = leases.acquire.bind(leases);
    leases.acquire = async (lease) => {
      leases.acquire = acquire;
      await stage.connect();
      return acquire(lease);
    };
    expect((await failureOf(stage.acme.request('main', { method: 'GET', path: path`/me` }))).code).toBe('credential_missing');
    expect(asked().filter((at) => at.endsWith('/me'))).toHaveLength(1);
  });

  it('knows no account at another site where the service does not say', async () => {
    await stage.connect({ site: 'acme' });
    stage.world.me = { status: 503 };
    expect(await stage.acme.oauth.chooseSite({ connection: 'main', site: 'a1' })).toMatchObject({ externalAccountId: 'u-1' });
    expect(await stage.acme.oauth.chooseSite({ connection: 'main', site: 'g2' })).toMatchObject({
      externalAccountId: null,
      externalAccountName: null,
    });
  });

  it('is to the site that was named when it began, or that it was to before', async () => {
    expect((await stage.connect({ site: 'globex' })).connection.settings).toEqual({ site: 'globex', siteId: 'g2' });
    expect((await stage.connect()).connection).toMatchObject({ status: 'active', settings: { siteId: 'g2' } });
    expect((await stage.connect({ siteId: 'a1' })).connection.settings).toEqual({ site: 'acme', siteId: 'a1' });
  });

  it('can be to another of them later, and to none that was not granted', async () => {
    await stage.connect({ site: 'acme' });
    expect((await failureOf(stage.acme.oauth.chooseSite({ connection: 'main', site: 'evil' }))).code).toBe('not_found');
    const { settings } = await stage.acme.oauth.chooseSite({ connection: 'main', site: 'g2' });
    expect(settings).toEqual({ site: 'globex', siteId: 'g2' });
    expect(stage.test.noticesOf('connection.connected')).toHaveLength(1);
  });
});

it.each([
  ['the site that was named is not granted', { site: 'initech' }, two],
  ['it reaches no site', {}, []],
])('nothing is connected where %s', async (_, settings, sites) => {
  stage.world.sites = sites;
  expect(await failureOf(stage.connect(settings))).toMatchObject({ code: 'connect_failed', reason: 'site_not_granted' });
  expect(await stage.acme.connections.list()).toEqual([]);
});

it('knows no account where the service does not say, and forgets the one before: it may be another', async () => {
  await stage.connect();
  for (const me of [{ status: 503 }, { json: { id: 'u\u0000', name: 'x' } }, { json: { id: '', name: 'x' } }]) {
    stage.world.me = me;
    expect((await stage.connect()).connection).toMatchObject({ status: 'active', externalAccountId: null, externalAccountName: null });
  }
});

it('has no sites to choose from without a grant', async () => {
  await stage.acme.connections.put('main', { connector: 'wiki', credential: { type: 'bearer', token: 't' }, settings: { site: 'acme' } });
  expect((await failureOf(stage.acme.oauth.sites('main'))).code).toBe('unsupported');
  await stage.acme.connections.disconnect('main');
  expect((await failureOf(stage.acme.oauth.sites('main'))).code).toBe('credential_missing');
});

it('is updated with no setting that sends either kind of credential elsewhere', async () => {
  const { update } = stage.acme.connections;
  await stage.connect();
  expect((await failureOf(update('main', { settings: { site: 'evil', siteId: 'a1' } }))).code).toBe('invalid_argument');
  expect((await update('main', { settings: { site: 'acme', siteId: 'g2' } })).settings).toEqual({ site: 'acme', siteId: 'g2' });
});

it('is refused without the setting that its credential goes by', async () => {
  const put = (credential: Parameters<typeof stage.acme.connections.put>[1]['credential'], settings: Readonly<Record<string, string>>) =>
    stage.acme.connections.put('main', { connector: 'wiki', credential, settings });
  expect((await failureOf(put({ type: 'bearer', token: 't' }, { siteId: 'a1' }))).code).toBe('invalid_argument');
  expect((await failureOf(put({ type: 'oauth2', accessToken: 't' }, { site: 'acme' }))).code).toBe('invalid_argument');
  expect((await put({ type: 'oauth2', accessToken: 't' }, { siteId: 'a1' })).status).toBe('active');
});

it.each(['a1/../b', 'a1/b', '..', 'A1', 'a%2fb'])('never makes a path of the setting %s', async (siteId) => {
  const credential = { type: 'oauth2', accessToken: 't' } as const;
  expect((await failureOf(stage.acme.connections.put('main', { connector: 'wiki', credential, settings: { siteId } }))).code).toBe(
    'invalid_argument',
  );
});
