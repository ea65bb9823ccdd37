import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ArchiveStage, archiveStage, failureOf } from './archive-stage.ts';
import { type CertifiedServer, startCertifiedServer } from './certified-server.ts';
import { roomConnector, roomHub } from './minting-stage.ts';

let stage: ArchiveStage;
let server: CertifiedServer;
beforeEach(async () => {
  stage = await archiveStage();
  server = await startCertifiedServer(['https://host.example.com/hub/oauth/callback/archive']);
});
afterEach(async () => {
  await stage.close();
  await server.close();
});

const hubOf = ({ origin }: CertifiedServer) =>
  stage.hub({
    authorizationUrl: `${origin}/auth`,
    tokenUrl: `${origin}/token`,
    revocationUrl: `${origin}/token/revocation`,
    issuer: origin,
    requiresIssuer: true,
    scopes: ['openid', 'offline_access'],
    parameters: { prompt: 'consent' },
  });

it('connects an account from click to connected, with PKCE, issuer, nonce and ID token checked on both sides', async () => {
  const hub = hubOf(server);
  const back = await server.visit((await hub.begin()).href);
  expect([back.origin, back.pathname, back.searchParams.get('iss')]).toEqual([
    'https://host.example.com',
    '/hub/oauth/callback/archive',
    server.origin,
  ]);
  const { at } = await hub.comeBack(back.search.slice(1));
  const { connection, missingScopes } = await hub.complete(at?.searchParams.get('flow') ?? '');
  expect([connection.status, missingScopes, server.asked]).toEqual(['active', [], ['authorization_code']]);
});

it('stores nothing where the code of one flow comes with the state of another', async () => {
  const hub = hubOf(server);
  const [mine, theirs] = [await server.visit((await hub.begin()).href), await server.visit((await hub.begin({ name: 'other' })).href)];
  const swapped = new URLSearchParams(mine.searchParams);
  swapped.set('code', theirs.searchParams.get('code') ?? '');
  const { at } = await hub.comeBack(swapped.toString());
  expect(await failureOf(hub.complete(at?.searchParams.get('flow') ?? ''))).toMatchObject({ reason: 'exchange_refused' });
  // The other's flow can still be finished.
  expect(await hub.acme.connections.list()).toMatchObject([{ name: 'other', status: 'initializing' }]);
  expect(server.asked).toEqual([]);
});

it('takes no answer of one server for a flow of another', async () => {
  const other = await startCertifiedServer(['https://host.example.com/hub/oauth/callback/archive']);
  try {
    const hub = hubOf(server);
    const url = await hub.begin();
    const elsewhere = new URL(url.href.replace(server.origin, other.origin));
    const { at } = await hub.comeBack((await other.visit(elsewhere.href)).search.slice(1));
    expect(at?.searchParams.get('connect_error')).toBe('wrong_issuer');
    expect([server.asked, other.asked]).toEqual([[], []]);
  } finally {
    await other.close();
  }
});

it.each([
  ['its address', (origin: string) => ({ tokenUrl: `${origin}/token` })],
  ['its issuer alone', (origin: string) => ({ issuer: origin })],
])('gives a client that knows %s a token for itself, and another when it is over', async (_, place) => {
  const connector = roomConnector(stage.provider.origin, [
    { type: 'client_credentials', ...place(server.origin), scopes: ['papers:read', 'papers:write'] },
  ]);
  const credential = { type: 'client_credentials', clientId: 'client-1', clientSecret: 'client-secret-1234567890' } as const;
  const hub = await roomHub(connector, credential);
  try {
    for (let expiry = 1; expiry <= 3; expiry += 1) {
      expect(new Set((await Promise.all(Array.from({ length: 20 }, hub.ask))).map(({ status }) => status))).toEqual(new Set([200]));
      expect(server.asked).toEqual(Array(expiry).fill('client_credentials'));
      await hub.test.clock.advance(3_600_000);
    }
    expect((await hub.acme.connections.get('main')).grantedScopes).toEqual(['papers:read', 'papers:write']);
  } finally {
    await hub.test.close();
  }
});

it('renews with refresh tokens that the server takes once, expiry after expiry', async () => {
  const hub = hubOf(server);
  const back = await server.visit((await hub.begin()).href);
  const { at } = await hub.comeBack(back.search.slice(1));
  await hub.complete(at?.searchParams.get('flow') ?? '');
  for (let expiry = 1; expiry <= 5; expiry += 1) {
    await hub.test.clock.advance(3_600_000);
    const calls = Array.from({ length: 20 }, () => hub.acme.actions.execute('archive.find', { connection: 'main', input: {} }));
    const ids = await Promise.all(calls);
    await hub.test.settled({ withinMs: 0 });
    const done = await Promise.all(ids.map(({ dispatchId }) => hub.acme.dispatches.get(dispatchId)));
    expect(new Set(done.map(({ status }) => status))).toEqual(new Set(['succeeded']));
    expect(server.asked).toEqual(['authorization_code', ...Array.from({ length: expiry }, () => 'refresh_token')]);
  }
});
