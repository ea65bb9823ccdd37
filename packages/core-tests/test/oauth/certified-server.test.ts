import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ArchiveStage, archiveStage, failureOf } from './archive-stage.ts';
import { type CertifiedServer, startCertifiedServer } from './certified-server.ts';

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
  expect([await hub.acme.connections.list(), server.asked]).toEqual([[], []]);
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
