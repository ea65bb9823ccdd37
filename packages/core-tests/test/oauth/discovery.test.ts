import { createHub, localKeys } from '@patchbay/core';
import { type Clock, systemClock } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveConnector } from './archive-connector.ts';
import { type ArchiveHub, type ArchiveStage, archiveStage, failureOf } from './archive-stage.ts';
import { type CertifiedServer, startCertifiedServer } from './certified-server.ts';
import {
  endless,
  type HostileAnswer,
  type HostileServer,
  json,
  oauthMetadata,
  openidMetadata,
  redirect,
  reset,
  stalled,
  startHostileServer,
  text,
} from './hostile-server.ts';

let stage: ArchiveStage;
let server: HostileServer;
beforeEach(async () => {
  stage = await archiveStage();
  server = await startHostileServer();
});
afterEach(async () => {
  await stage.close();
  await server.close();
});

const nowhere = { authorizationUrl: undefined, tokenUrl: undefined, revocationUrl: undefined };
const found = (changes: Readonly<Record<string, unknown>> = {}) => ({ ...nowhere, issuer: server.origin, ...changes });
const own = { connector: 'archive', clientId: 'own-1', clientSecret: 'own-secret-123' };

/** A person who gives the permission at the hostile server. */
async function permit(hub: ArchiveHub, { iss, at }: { readonly iss?: string; readonly at?: string } = {}): Promise<string> {
  const url = await hub.begin();
  const back = await hub.comeBack(
    { code: 'code-1', state: url.searchParams.get('state') ?? '', ...(iss === undefined ? {} : { iss }) },
    at,
  );
  return back.at?.searchParams.get('flow') ?? `no flow: ${back.at?.search}`;
}

describe('an issuer alone', () => {
  it('is enough for a connector: from click to connected at a certified server, with what its metadata say held to', async () => {
    const certified: CertifiedServer = await startCertifiedServer(['https://host.example.com/hub/oauth/callback/archive']);
    try {
      const hub = stage.hub({
        ...nowhere,
        issuer: certified.origin,
        scopes: ['openid', 'offline_access'],
        parameters: { prompt: 'consent' },
      });
      const silent = new URLSearchParams((await certified.visit((await hub.begin()).href)).search);
      silent.delete('iss');
      const refused = await hub.comeBack(silent.toString());
      expect(refused.at?.searchParams.get('connect_error')).toBe('wrong_issuer');
      const back = await certified.visit((await hub.begin()).href);
      const { at } = await hub.comeBack(back.search.slice(1));
      const { connection, missingScopes } = await hub.complete(at?.searchParams.get('flow') ?? '');
      expect([connection.status, missingScopes, certified.asked]).toEqual(['active', [], ['authorization_code']]);
      await hub.test.clock.advance(3_600_000);
      await hub.acme.actions.execute('archive.find', { connection: 'main', input: {} });
      await hub.test.settled({ withinMs: 0 });
      expect(certified.asked).toEqual(['authorization_code', 'refresh_token']);
    } finally {
      await certified.close();
    }
  });

  it('is enough for an app of a tenant, who gets neither the secret of the host nor its cache', async () => {
    const hub = stage.hub();
    const app = await hub.acme.oauth.putApp({ ...own, endpoints: { issuer: server.origin } });
    expect(app.endpoints).toEqual({ issuer: server.origin });
    const { connection } = await hub.complete(await permit(hub, { at: app.id }));
    expect(connection.status).toBe('active');
    const sent = server.requests.find(({ path }) => path === '/token');
    expect(Buffer.from(sent?.headers.authorization?.split(' ')[1] ?? '', 'base64').toString()).toBe('own%2D1:own%2Dsecret%2D123');
    expect(stage.asked).toEqual([]);
    const globex = hub.test.tenant('globex').oauth;
    await globex.putApp({ ...own, endpoints: { issuer: server.origin } });
    await globex.beginConnect({ connector: 'archive', name: 'main', hostUser: 'u', returnTo: '/' });
    expect(server.asked(oauthMetadata)).toBe(2);
  });

  it('with a path has its metadata where RFC 8414 says, and else where OpenID Connect does', async () => {
    const issuer = `${server.origin}/team/7`;
    server.on(`${oauthMetadata}/team/7`, text('<html>Not here</html>'));
    server.on(`/team/7${openidMetadata}`, json({ issuer, authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/t` }));
    const url = await stage.hub(found({ issuer })).begin();
    expect(url.pathname).toBe('/team/7/a');
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET ${oauthMetadata}/team/7`,
      `GET /team/7${openidMetadata}`,
    ]);
  });

  it('has a grant taken back where its metadata say, and nowhere where they do not', async () => {
    const hub = stage.hub(found());
    server.on('/revoke', text('', 'text/plain'));
    await hub.complete(await permit(hub));
    await hub.acme.connections.disconnect('main');
    await hub.test.settled({ withinMs: 0 });
    expect(server.asked('/revoke')).toBe(1);
    server.say({ revocation_endpoint: undefined });
    const other = stage.hub(found());
    await other.complete(await permit(other));
    await other.acme.connections.disconnect('main');
    await other.test.settled({ withinMs: 0 });
    expect([server.asked('/revoke'), (await other.test.dispatches()).map(({ status }) => status)]).toEqual([1, ['succeeded']]);
  });

  it.each([
    ['that is no URL', { issuer: 'nowhere' }],
    ['with a query', { issuer: 'https://as.example.com/?a=b' }],
    ['beside one address of two', { issuer: 'https://as.example.com', tokenUrl: 'https://as.example.com/t' }],
    ['beside an address for revoking', { issuer: 'https://as.example.com', revocationUrl: 'https://as.example.com/r' }],
    ['that is missing', {}],
  ])('%s is refused', async (_, endpoints) => {
    expect((await failureOf(stage.hub().acme.oauth.putApp({ ...own, endpoints }))).code).toBe('invalid_argument');
    expect((await failureOf((async () => stage.hub({ ...nowhere, ...endpoints }))())).code).toBe('connector_invalid');
  });

  it('is asked of the tenant’s own server too, where the service cannot do without', async () => {
    const { acme } = stage.hub({ issuer: 'https://as.example.com', requiresIssuer: true });
    const endpoints = { authorizationUrl: 'https://own.example.com/a', tokenUrl: 'https://own.example.com/t' };
    expect((await failureOf(acme.oauth.putApp({ ...own, endpoints }))).message).toContain('lack the issuer');
    await acme.oauth.putApp({ ...own, endpoints: { ...endpoints, issuer: 'https://own.example.com' } });
  });
});

describe('metadata are refused', () => {
  it.each<[string, () => Readonly<Record<string, unknown>>]>([
    ['of another issuer', () => ({ issuer: 'https://honest.example.com' })],
    ['whose issuer has a slash more', () => ({ issuer: `${server.origin}/` })],
    ['whose issuer is written otherwise', () => ({ issuer: server.origin.toUpperCase() })],
    ['without an issuer', () => ({ issuer: undefined })],
    ['whose issuer is a list', () => ({ issuer: [server.origin] })],
    ['without a token endpoint', () => ({ token_endpoint: undefined })],
    ['without an authorization endpoint', () => ({ authorization_endpoint: null })],
    ['with a script for an address', () => ({ authorization_endpoint: 'javascript:alert(1)' })],
    ['with a user in an address', () => ({ token_endpoint: 'https://user:pass@as.example.com/token' })],
    ['with a fragment in an address', () => ({ authorization_endpoint: `${server.origin}/authorize#code=1` })],
    ['with a line end in an address', () => ({ authorization_endpoint: `${server.origin}/a\r\nb` })],
    ['with a number for an address', () => ({ revocation_endpoint: 7 })],
  ])('%s', async (_, changes) => {
    server.say(changes());
    const failure = await failureOf(stage.hub(found()).begin());
    expect(failure.code).toBe('response_invalid');
    expect(failure.message).not.toMatch(/honest|alert|pass@/);
    expect(server.asked(openidMetadata)).toBe(0);
  });

  it.each([
    ['a private network', 'https://10.0.0.1/token'],
    ['a service of metadata', 'http://169.254.169.254/token'],
    ['a name of the own machine', 'https://internal/token'],
  ])('that send tokens to %s', async (_, url) => {
    server.say({ token_endpoint: url });
    expect((await failureOf(stage.hub(found()).begin())).code).toBe('egress_refused');
    server.say({ revocation_endpoint: url });
    expect((await failureOf(stage.hub(found()).begin())).code).toBe('egress_refused');
    expect((await failureOf(stage.hub(found({ issuer: new URL(url).origin })).begin())).code).toBe('egress_refused');
  });

  it.each<[string, HostileAnswer, string]>([
    ['a redirect', (response, request) => redirect('/elsewhere')(response, request), 'provider_rejected'],
    ['an answer without an end', endless, 'response_too_large'],
    ['a connection that breaks', reset, 'network'],
    ['a server that fails', json({}, 503), 'provider_unavailable'],
  ])('behind %s', async (_, answer, code) => {
    server.on(oauthMetadata, answer);
    expect((await failureOf(stage.hub(found()).begin())).code).toBe(code);
    expect([server.asked('/elsewhere'), server.asked(openidMetadata)]).toEqual([0, 0]);
  });

  it('that do not come in ten seconds', async () => {
    server.on(oauthMetadata, stalled);
    const hub = stage.hub(found());
    const asked = server.next(oauthMetadata);
    const failure = failureOf(hub.begin());
    await asked;
    await hub.test.clock.advance(10_000);
    expect((await failure).code).toBe('timeout');
  });

  it.each([
    ['a page', '<html>'],
    ['a list', '[]'],
    ['nothing', ''],
    ['what is nested without an end', `${'['.repeat(50_000)}`],
  ])('that are %s, at both places', async (_, body) => {
    server.on(oauthMetadata, text(body, 'application/json'));
    server.on(openidMetadata, text(body, 'application/json'));
    expect((await failureOf(stage.hub(found()).begin())).code).toBe('response_invalid');
  });
});

describe('PKCE', () => {
  it.each([[['plain']], [[]], ['S256'], [[{ S256: true }]]])(
    'is never less than S256: a server that lists %j is refused',
    async (methods) => {
      server.say({ code_challenge_methods_supported: methods });
      expect((await failureOf(stage.hub(found()).begin())).code).toBe('unsupported');
    },
  );

  it('is left out only where the connector says so, and used where the server says nothing', async () => {
    server.say({ code_challenge_methods_supported: ['plain'] });
    expect((await stage.hub(found({ pkce: 'none' })).begin()).searchParams.has('code_challenge')).toBe(false);
    server.say({ code_challenge_methods_supported: undefined });
    expect((await stage.hub(found()).begin()).searchParams.get('code_challenge_method')).toBe('S256');
  });
});

describe('what is known of a server', () => {
  const minute = 60_000;

  it('is asked for once by everybody at a time, holds for an hour, and ends old flows where it has changed', async () => {
    const hub = stage.hub(found());
    await Promise.all(Array.from({ length: 20 }, () => hub.begin()));
    expect(server.asked(oauthMetadata)).toBe(1);
    await hub.test.clock.advance(59 * minute);
    const [early, late] = [await permit(hub), await permit(hub)];
    expect((await hub.complete(early)).connection.status).toBe('active');
    expect(server.asked(oauthMetadata)).toBe(1);
    server.say({ token_endpoint: `${server.origin}/moved` });
    await hub.test.clock.advance(minute);
    expect(await failureOf(hub.complete(late))).toMatchObject({ code: 'connect_failed', reason: 'app_changed' });
    expect([server.asked('/token'), server.asked('/moved')]).toEqual([1, 0]);
  });

  it('is asked for again, before a flow that another process began is ended for it', async () => {
    let late = 0;
    const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + late };
    const options = {
      connectors: [archiveConnector(stage.provider.origin, found())],
      storage: memoryStorage(),
      clock,
      keys: localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') } }),
      publicUrl: 'https://host.example.com/hub',
      apps: { archive: { oauth: { clientId: 'client-1', clientSecret: 'client-secret-1234567890' } } },
      loopbackOnly: true,
    };
    const [old, young] = [createHub(options), createHub(options)];
    const flow = { connector: 'archive', name: 'main', hostUser: 'user-1', returnTo: '/settings' };
    const begin = async (hub: typeof old) => new URL((await hub.tenant('acme').oauth.beginConnect(flow)).url);
    await begin(old);
    server.say({ token_endpoint: `${server.origin}/moved` });
    server.on('/moved', json({ access_token: 'access-token-moved', token_type: 'Bearer' }));
    late = minute;
    const state = (await begin(young)).searchParams.get('state') ?? '';
    const callback = `https://host.example.com/hub/oauth/callback/archive?${new URLSearchParams({ code: 'code-1', state })}`;
    const back = new URL((await old.handler(new Request(callback))).headers.get('location') ?? '');
    expect(server.asked(oauthMetadata)).toBe(2);
    const flowId = back.searchParams.get('flow') ?? '';
    await old.tenant('acme').oauth.completeConnect({ flowId, hostUser: 'user-1' });
    expect([server.asked(oauthMetadata), server.asked('/moved'), server.asked('/token')]).toEqual([3, 1, 0]);
    await Promise.all([old.stop(), young.stop()]);
    await options.storage.close();
  });

  it('holds on for a day where the server is away, which is asked once in half a minute', async () => {
    const hub = stage.hub(found());
    await hub.begin();
    server.on(oauthMetadata, json({}, 503));
    await hub.test.clock.advance(60 * minute);
    await hub.begin();
    await hub.begin();
    expect(server.asked(oauthMetadata)).toBe(2);
    await hub.test.clock.advance(minute);
    await hub.begin();
    expect(server.asked(oauthMetadata)).toBe(3);
    await hub.test.clock.advance(1_440 * minute);
    expect((await failureOf(hub.begin())).code).toBe('provider_unavailable');
  });

  it('does not hold on where the server says what cannot be: nobody is sent there', async () => {
    const hub = stage.hub(found());
    await hub.begin();
    server.say({ issuer: 'https://evil.example' });
    await hub.test.clock.advance(60 * minute);
    expect((await failureOf(hub.begin())).code).toBe('response_invalid');
    server.say({});
    expect((await failureOf(hub.begin())).code).toBe('response_invalid');
    await hub.test.clock.advance(minute);
    expect((await hub.begin()).pathname).toBe('/authorize');
  });

  it.each<[string, HostileAnswer]>([
    ['is away', json({}, 503)],
    ['is another’s', json({ issuer: 'https://evil.example' })],
    ['is a page', text('<html>')],
  ])('that %s ends no grant: what needs a new token waits, and goes on', async (_, answer) => {
    server.on(oauthMetadata, json({}, 503));
    const hub = stage.hub(found());
    const grant = { accessToken: 'access-token-old', refreshToken: 'refresh-token-old', expiresAt: hub.test.clock.now() };
    await hub.acme.connections.put('main', { connector: 'archive', credential: { type: 'oauth2', ...grant } });
    server.on(oauthMetadata, answer);
    const { dispatchId } = await hub.acme.actions.execute('archive.find', { connection: 'main', input: {} });
    await hub.test.settled({ withinMs: 0 });
    expect((await hub.acme.connections.get('main')).status).toBe('active');
    expect((await hub.acme.dispatches.get(dispatchId)).attempts).toEqual([]);
    server.on(
      oauthMetadata,
      json({ issuer: server.origin, authorization_endpoint: `${server.origin}/authorize`, token_endpoint: `${server.origin}/token` }),
    );
    await hub.test.settled({ withinMs: 10 * minute });
    expect((await hub.acme.dispatches.get(dispatchId)).status).toBe('succeeded');
    expect(server.requests.find(({ path }) => path === '/token')?.fields.get('refresh_token')).toBe('refresh-token-old');
  });
});
