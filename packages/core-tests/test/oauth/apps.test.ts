import { path } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveStage, archiveStage, clientSecret, failureOf } from './archive-stage.ts';

let stage: ArchiveStage;
beforeEach(async () => {
  stage = await archiveStage();
});
afterEach(() => stage.close());

const own = { connector: 'archive', clientId: 'own-1', clientSecret: 'own-secret-123' };

describe("a tenant's own registration", () => {
  it('is used instead of the host’s, at an address of its own, by this tenant alone', async () => {
    const hub = stage.hub();
    const app = await hub.acme.oauth.putApp(own);
    expect(app.redirectUri).toBe(`https://host.example.com/hub/oauth/callback/${app.id}`);
    const url = await hub.begin();
    expect([url.searchParams.get('client_id'), url.searchParams.get('redirect_uri')]).toEqual(['own-1', app.redirectUri]);
    const globex = await hub.test.tenant('globex').oauth.beginConnect({ connector: 'archive', name: 'm', hostUser: 'u', returnTo: '/' });
    expect(new URL(globex.url).searchParams.get('client_id')).toBe('client-1');
    const back = await hub.comeBack({ code: 'code-1', state: url.searchParams.get('state') ?? '' }, app.id);
    await hub.complete(back.at?.searchParams.get('flow') ?? '');
    const sent = stage.provider.requests.find(({ path }) => path === '/token');
    expect(sent?.status).toBe(200);
    expect(stage.asked[0]?.get('redirect_uri')).toBe(app.redirectUri);
  });

  it('counts its changes, and the same content is none', async () => {
    const { acme } = stage.hub();
    const first = await acme.oauth.putApp(own);
    expect((await acme.oauth.putApp(own)).version).toBe(first.version);
    expect((await acme.oauth.putApp({ ...own, clientSecret: 'own-secret-456' })).version).toBe(first.version + 1);
    expect(await acme.oauth.listApps()).toMatchObject([{ id: first.id, clientId: 'own-1', version: 2 }]);
    await acme.oauth.removeApp('archive');
    expect(await acme.oauth.listApps()).toEqual([]);
    expect((await failureOf(acme.oauth.removeApp('archive'))).code).toBe('not_found');
  });

  it('with a server of its own never gets the secret of the host', async () => {
    const hub = stage.hub();
    const { origin } = stage.provider;
    const endpoints = { authorizationUrl: `${origin}/own/authorize`, tokenUrl: `${origin}/own/token` };
    const app = await hub.acme.oauth.putApp({ ...own, endpoints });
    const url = await hub.begin();
    expect([url.pathname, url.searchParams.get('client_id')]).toEqual(['/own/authorize', 'own-1']);
    const back = await hub.comeBack({ code: 'code-1', state: url.searchParams.get('state') ?? '' }, app.id);
    await failureOf(hub.complete(back.at?.searchParams.get('flow') ?? ''));
    const sent = stage.provider.requests.map(({ path, headers, body }) => ({ path, headers, body }));
    expect(sent.map(({ path }) => path)).toEqual(['/own/token']);
    expect(JSON.stringify(sent)).not.toContain(clientSecret);
    expect((await failureOf(hub.acme.oauth.putApp({ connector: 'archive', clientId: 'client-1', endpoints }))).code).toBe(
      'credential_missing',
    );
  });

  it('with other endpoints is another one: what was granted before goes to no address that was named since', async () => {
    const hub = stage.hub();
    const { origin } = stage.provider;
    const first = await hub.acme.oauth.putApp(own);
    const url = await hub.begin();
    const back = await hub.comeBack({ code: 'code-1', state: url.searchParams.get('state') ?? '' }, first.id);
    await hub.complete(back.at?.searchParams.get('flow') ?? '');
    const endpoints = {
      authorizationUrl: `${origin}/evil/authorize`,
      tokenUrl: `${origin}/evil/token`,
      revocationUrl: `${origin}/evil/revoke`,
    };
    const second = await hub.acme.oauth.putApp({ ...own, endpoints });
    expect([second.id === first.id, (await hub.acme.oauth.listApps()).map(({ id }) => id)]).toEqual([false, [second.id]]);
    await hub.test.clock.advance(2 * 3_600_000);
    await failureOf(hub.acme.request('main', { method: 'GET', path: path`/papers` }));
    await hub.acme.connections.disconnect('main');
    await hub.test.settled({ withinMs: 0 });
    expect(stage.provider.requests.map(({ path: at }) => at).filter((at) => at.startsWith('/evil'))).toEqual([]);
    expect((await hub.acme.oauth.putApp({ ...own, endpoints, clientSecret: 'own-secret-789' })).id).toBe(second.id);
  });

  it.each([
    ['no client id', { clientId: '' }, 'invalid_argument'],
    ['no secret', { clientSecret: undefined }, 'credential_missing'],
    ['a secret with a line break', { clientSecret: 'hunter2\n' }, 'invalid_argument'],
    [
      'an address that is none',
      { endpoints: { authorizationUrl: 'javascript:alert(1)', tokenUrl: 'https://a.example/t' } },
      'invalid_argument',
    ],
    ['a connector that is not there', { connector: 'nowhere' }, 'unknown_connector'],
  ])('with %s is refused', async (_, change, code) => {
    const given = Object.fromEntries(Object.entries({ ...own, ...change }).filter(([, value]) => value !== undefined));
    const { acme } = stage.hub();
    const failure = await failureOf(acme.oauth.putApp({ connector: 'archive', clientId: '', ...given }));
    expect(failure.code).toBe(code);
    expect(failure.message).not.toContain('hunter2');
  });
});

it('says that nobody has registered an app', async () => {
  const { begin } = stage.hub({}, { apps: {} });
  expect(await failureOf(begin())).toMatchObject({
    code: 'credential_missing',
    message: expect.stringContaining("apps: { 'archive': { oauth } }"),
  });
});

it.each([
  ['a secret that is missing', { archive: { oauth: { clientId: 'client-1' } } }, 'credential_missing'],
  ['a connector that is not there', { nowhere: { oauth: { clientId: 'c', clientSecret: 's' } } }, 'unknown_connector'],
])('makes no hub with %s', async (_, apps, code) => {
  const make = async () => stage.hub({}, { apps });
  expect((await failureOf(make())).code).toBe(code);
});

it('reaches no authorization server in a network that is closed', async () => {
  const hub = stage.hub({ tokenUrl: 'https://10.0.0.1/token' });
  expect((await failureOf(hub.complete(await hub.permit()))).code).toBe('egress_refused');
  const metadata = stage.hub({ tokenUrl: 'http://169.254.169.254/token' });
  expect((await failureOf(metadata.complete(await metadata.permit()))).code).toBe('egress_refused');
});
