import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { type Connector, type Credential, createHub, localKeys, path } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveStage, failureOf } from './archive-stage.ts';
import { startCertifiedServer } from './certified-server.ts';
import { type MintingStage, mintingStage, roomConnector } from './minting-stage.ts';

const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
type Algorithm = keyof typeof pairs;
const algorithms = ['RS256', 'ES256', 'EdDSA'] as const;
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const privateKey = pemOf(pairs.RS256.privateKey);

let stage: MintingStage;
const open: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  stage = await mintingStage();
  stage.answer(() => ({ json: { access_token: 'token-number-1', token_type: 'Bearer', expires_in: 3_600 } }));
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await stage.close();
});

/** With the time of this machine, by which a real server looks at an assertion. */
function hubWith(connector: Connector, app?: object) {
  const storage = memoryStorage();
  const hub = createHub({
    connectors: [connector],
    storage,
    keys: localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') } }),
    publicUrl: 'https://host.example.com/hub',
    loopbackOnly: true,
    ...(app === undefined ? {} : { apps: { room: { oauth: { clientId: 'keyed-client', ...app } } } }),
  });
  open.push({
    async close() {
      await hub.stop();
      await storage.close();
    },
  });
  const acme = hub.tenant('acme');
  return {
    acme,
    put: (credential: Credential) => acme.connections.put('main', { connector: 'room', credential }),
    ask: () => acme.request('main', { method: 'GET', path: path`/papers` }),
  };
}

const connectorOf = (tokenUrl: string, issuer?: string): Connector =>
  roomConnector(stage.provider.origin, [
    { type: 'client_credentials', tokenUrl, scopes: ['papers:read'], ...(issuer === undefined ? {} : { issuer }) },
  ]);

const read = (part = ''): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());

function assertionIn(body = '', algorithm: Algorithm = 'RS256') {
  const fields = Object.fromEntries(new URLSearchParams(body));
  const [header = '', claims = '', signature = ''] = fields['client_assertion']?.split('.') ?? [];
  const key = createPublicKey(pairs[algorithm].publicKey.export({ type: 'spki', format: 'pem' }));
  const how = { key, dsaEncoding: 'ieee-p1363' as const };
  const given = Buffer.from(`${header}.${claims}`);
  const isGenuine = verify(algorithm === 'EdDSA' ? null : 'sha256', given, how, Buffer.from(signature, 'base64url'));
  return { fields, header: read(header), claims: Object(read(claims)) as Readonly<Record<string, unknown>>, isGenuine };
}

describe('a client that proves itself with its private key', () => {
  it.each(algorithms)('is known to a certified server by its signature (%s), as the app and as a connection’s own', async (algorithm) => {
    const keyed = { id: 'keyed-client', keys: [pairs[algorithm].publicKey] };
    const server = await startCertifiedServer(['https://host.example.com/cb'], { keyed });
    open.push(server);
    const connector = connectorOf(`${server.origin}/token`, server.origin);
    const key = pemOf(pairs[algorithm].privateKey);
    const asApp = hubWith(connector, { privateKey: key });
    await asApp.put({ type: 'client_credentials' });
    expect((await asApp.ask()).status).toBe(200);
    const asOwn = hubWith(connector);
    await asOwn.put({ type: 'client_credentials', clientId: 'keyed-client', privateKey: key });
    expect((await asOwn.ask()).status).toBe(200);
    expect([server.asked, stage.served.length]).toEqual([['client_credentials', 'client_credentials'], 2]);
    expect((await asApp.acme.connections.get('main')).grantedScopes).toEqual(['papers:read']);
  });

  it('is refused by a certified server that knows another key, and its connection has ended', async () => {
    const keyed = { id: 'keyed-client', keys: [generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey] };
    const server = await startCertifiedServer(['https://host.example.com/cb'], { keyed });
    open.push(server);
    const hub = hubWith(connectorOf(`${server.origin}/token`, server.origin));
    await hub.put({ type: 'client_credentials', clientId: 'keyed-client', privateKey });
    expect((await failureOf(hub.ask())).code).toBe('credential_missing');
    expect(await hub.acme.connections.get('main')).toMatchObject({ status: 'token_invalid', statusReason: 'refused' });
    expect([server.asked, stage.served]).toEqual([[], []]);
  });

  it('signs for the issuer alone, whatever address it asks at: one server’s assertion is nothing to another', async () => {
    const issuer = 'https://honest.example.com';
    const hub = hubWith(connectorOf(`${stage.provider.origin}/token`, issuer), { privateKey, keyId: 'k7' });
    await hub.put({ type: 'client_credentials' });
    await hub.ask();
    const { fields, header, claims, isGenuine } = assertionIn(stage.asked[0]?.body);
    expect([header, isGenuine]).toEqual([{ alg: 'RS256', kid: 'k7' }, true]);
    expect(claims).toMatchObject({ iss: 'keyed-client', sub: 'keyed-client', aud: issuer });
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(60);
    expect(Object.keys(fields).toSorted()).toEqual(['client_assertion', 'client_assertion_type', 'client_id', 'grant_type', 'scope']);
    expect([fields['client_assertion_type'], stage.asked[0]?.headers['authorization']]).toEqual([
      'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      undefined,
    ]);
  });

  it('gives a server that names another one’s token endpoint no assertion that the other takes', async () => {
    const honest = await startCertifiedServer(['https://host.example.com/cb'], {
      keyed: { id: 'keyed-client', keys: [pairs.RS256.publicKey] },
    });
    open.push(honest);
    const hub = hubWith(connectorOf(`${honest.origin}/token`, 'https://hostile.example.com'), { privateKey });
    await hub.put({ type: 'client_credentials' });
    expect((await failureOf(hub.ask())).code).toBe('provider_unavailable');
    expect([honest.asked, stage.served]).toEqual([[], []]);
  });

  it('signs another assertion for each request', async () => {
    stage.answer(() => ({ status: 503, json: {} }));
    const hub = hubWith(connectorOf(`${stage.provider.origin}/token`, 'https://honest.example.com'), { privateKey });
    await hub.put({ type: 'client_credentials' });
    await Promise.allSettled([hub.ask()]);
    await Promise.allSettled([hub.ask()]);
    const ids = stage.asked.map(({ body }) => assertionIn(body).claims['jti']);
    expect([ids.length, new Set(ids).size]).toEqual([2, 2]);
  });

  it('shows its key to nobody', async () => {
    const hub = hubWith(connectorOf(`${stage.provider.origin}/token`, 'https://honest.example.com'), { privateKey });
    await hub.put({ type: 'client_credentials' });
    await hub.ask();
    const sent = JSON.stringify(stage.asked.map(({ headers, body }) => [headers, body]));
    for (const line of privateKey.split('\n').slice(1, 5)) expect(sent).not.toContain(encodeURIComponent(line));
  });

  it('proves itself so when it renews a grant of a person', async () => {
    const archive = await archiveStage();
    open.push(archive);
    const app = { archive: { oauth: { clientId: 'client-1', privateKey } } };
    const hub = archive.hub({ issuer: 'https://honest.example.com' }, { apps: app });
    await hub.complete(await hub.permit());
    await hub.test.clock.advance(3_600_000);
    await hub.acme.actions.execute('archive.find', { connection: 'main', input: {} });
    await hub.test.settled({ withinMs: 0 });
    const proofs = archive.asked.map((fields) => [fields.get('grant_type'), assertionIn(fields.toString()).claims['aud']]);
    expect(proofs).toEqual([
      ['authorization_code', 'https://honest.example.com'],
      ['refresh_token', 'https://honest.example.com'],
    ]);
  });
});

describe('a registration with a private key', () => {
  it('makes no hub where nobody says the issuer that assertions are for', async () => {
    const make = async () => hubWith(connectorOf(`${stage.provider.origin}/token`), { privateKey });
    expect(await failureOf(make())).toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('issuer') });
  });

  it('of a tenant is for the issuer that the tenant names', async () => {
    const { origin } = stage.provider;
    const hub = hubWith(connectorOf(`${origin}/token`));
    const own = { connector: 'room', clientId: 'tenant-client', privateKey };
    expect((await failureOf(hub.acme.oauth.putApp(own))).code).toBe('invalid_argument');
    const issuer = 'https://tenant.example.com';
    await hub.acme.oauth.putApp({ ...own, endpoints: { authorizationUrl: `${origin}/a`, tokenUrl: `${origin}/own/token`, issuer } });
    await hub.put({ type: 'client_credentials' });
    await hub.ask();
    expect([stage.asked[0]?.path, assertionIn(stage.asked[0]?.body).claims['aud']]).toEqual(['/own/token', issuer]);
  });
});
