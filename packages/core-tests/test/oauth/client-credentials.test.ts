import type { Credential } from '@patchbay/core';
import { createTestHub } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { failureOf } from './archive-stage.ts';
import { type MintingStage, mintingStage, ownSecret, roomConnector, roomHub, rsaKey } from './minting-stage.ts';

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

const hostSecret = 'secret-of-the-host-123456';
const apps = { room: { oauth: { clientId: 'host-client', clientSecret: hostSecret } } };
const asApp: Credential = { type: 'client_credentials' };
const own: Credential = { type: 'client_credentials', clientId: 'own-1', clientSecret: ownSecret };

const connector = (method: object = {}, changes: object = {}) =>
  roomConnector(
    stage.provider.origin,
    [{ type: 'client_credentials', tokenUrl: `${stage.provider.origin}/token`, scopes: ['papers:read'], ...method }],
    changes,
  );

async function start(credential: Credential, method: object = {}, options: Parameters<typeof roomHub>[2] = { apps }) {
  const hub = await roomHub(connector(method), credential, options);
  open.push(hub.test);
  return hub;
}

/** Who a request says it is from, by HTTP Basic; both parts are encoded as a form's are (RFC 6749, section 2.3.1). */
const senderOf = ({ headers }: { readonly headers: Readonly<Record<string, string>> }): string =>
  decodeURIComponent(Buffer.from(headers['authorization']?.replace(/^Basic /, '') ?? '', 'base64').toString());
const fieldsOf = (body = ''): Readonly<Record<string, string>> => Object.fromEntries(new URLSearchParams(body));

describe('a client that asks for a token for itself', () => {
  it('names the grant, its scopes and the parameters of the service, and proves itself by HTTP Basic', async () => {
    const hub = await start(own, { parameters: { audience: 'https://papers.example.com' }, scopes: ['papers:read', 'papers:write'] });
    expect((await hub.ask()).status).toBe(200);
    const [request] = stage.asked;
    expect([request?.method, request?.path, request && senderOf(request)]).toEqual(['POST', '/token', `own-1:${ownSecret}`]);
    expect(fieldsOf(request?.body)).toEqual({
      grant_type: 'client_credentials',
      audience: 'https://papers.example.com',
      scope: 'papers:read papers:write',
    });
  });

  it('proves itself in the body, in JSON and with other separators where the connector says so', async () => {
    const method = { clientAuthentication: 'post', tokenRequest: 'json', scopeSeparator: ',' };
    const hub = await start({ ...own, scopes: ['a', 'b'] }, method);
    await hub.ask();
    expect(stage.asked[0]?.headers['authorization']).toBeUndefined();
    expect(stage.asked[0]?.json).toEqual({
      grant_type: 'client_credentials',
      client_id: 'own-1',
      client_secret: ownSecret,
      scope: 'a,b',
    });
  });

  it.each([
    ['says', 'papers:read other', ['other', 'papers:read']],
    ['says nothing, those that were asked for', undefined, ['papers:read']],
  ])('is granted what the server %s', async (_, scope, granted) => {
    stage.answer(() => ({ json: { access_token: 'token-number-1', token_type: 'Bearer', ...(scope ? { scope } : {}) } }));
    const hub = await start(own);
    await hub.ask();
    expect((await hub.acme.connections.get('main')).grantedScopes).toEqual(granted);
  });

  it('is granted the same where the same is put again, and unknown scopes where others are to be asked for', async () => {
    const hub = await start(own);
    await hub.ask();
    const before = await hub.test.storage.configuration.revision('acme');
    expect((await hub.put()).grantedScopes).toEqual(['papers:read']);
    expect(await hub.test.storage.configuration.revision('acme')).toEqual(before);
    const other = await hub.acme.connections.put('main', { connector: 'room', credential: { ...own, scopes: ['papers:write'] } });
    expect(other.grantedScopes).toBeNull();
    await hub.ask();
    expect([(await hub.acme.connections.get('main')).grantedScopes, stage.asked.length]).toEqual([['papers:write'], 2]);
  });

  it('keeps a token without an end until it is refused', async () => {
    stage.answer(() => ({ json: { access_token: 'token-number-1', token_type: 'Bearer' } }));
    const hub = await start(own);
    await hub.ask();
    await hub.test.clock.advance(30 * 86_400_000);
    await hub.ask();
    expect([stage.asked.length, stage.served]).toEqual([1, Array(2).fill('Bearer token-number-1')]);
  });

  it('is believed no refresh token that comes with it', async () => {
    stage.answer(() => ({ json: { access_token: 'token-number-1', refresh_token: 'refresh-1', token_type: 'Bearer', expires_in: 3_600 } }));
    const hub = await start(own);
    await hub.ask();
    await hub.test.clock.advance(3_600_000);
    await hub.ask();
    expect(stage.asked.map(({ body }) => fieldsOf(body)['grant_type'])).toEqual(Array(2).fill('client_credentials'));
  });
});

describe('a connection without a client of its own', () => {
  it('asks as the host’s app, and as the tenant’s own where it has one', async () => {
    const hub = await start(asApp);
    await hub.ask();
    await hub.acme.oauth.putApp({ connector: 'room', clientId: 'tenant-client', clientSecret: 'secret-of-the-tenant' });
    await hub.test.clock.advance(3_600_000);
    await hub.ask();
    expect(stage.asked.map(senderOf)).toEqual([`host-client:${hostSecret}`, 'tenant-client:secret-of-the-tenant']);
  });

  it('never sends the host’s secret to an address that a tenant has named', async () => {
    const hub = await start(asApp);
    const { origin } = stage.provider;
    const endpoints = { authorizationUrl: `${origin}/own/authorize`, tokenUrl: `${origin}/own/token` };
    await hub.acme.oauth.putApp({ connector: 'room', clientId: 'tenant-client', clientSecret: 'secret-of-the-tenant', endpoints });
    await hub.ask();
    expect(stage.asked.map(({ path }) => path)).toEqual(['/own/token']);
    const sent = JSON.stringify(stage.asked.map((request) => [request.headers, request.body, senderOf(request)]));
    for (const form of [hostSecret, 'host-client']) expect(sent).not.toContain(form);
    expect(sent).toContain('secret-of-the-tenant');
  });

  it.each(['invalid_client', 'unauthorized_client'])(
    'is not ended by %s, which is the app’s, and goes on when the app is corrected',
    async (error) => {
      const hub = await start(asApp);
      stage.answer(() => ({ status: 401, json: { error } }));
      const call = await hub.find();
      expect([await hub.status(), (await call.look()).attempts]).toEqual([['active', null], []]);
      stage.answer(() => ({ json: { access_token: 'token-number-2', token_type: 'Bearer', expires_in: 3_600 } }));
      await hub.test.settled({ withinMs: 60_000 });
      expect(await call.look()).toMatchObject({ status: 'succeeded' });
    },
  );

  it('is not put where nobody has registered an app', async () => {
    const put = start(asApp, {}, {});
    expect(await failureOf(put)).toMatchObject({ code: 'credential_missing', message: expect.stringContaining('No app is registered') });
  });

  it('sends nothing as a public client, which can prove nothing', async () => {
    const hub = await start(asApp, {}, { apps });
    const { configuration } = hub.test.storage;
    await hub.acme.oauth.putApp({ connector: 'room', clientId: 'tenant-client', clientSecret: 'secret-of-the-tenant' });
    const row = await configuration.find('acme', 'app', 'room');
    if (row === null) throw new Error('It was put.');
    const value = { ...row.value, sealed: null };
    await configuration.write('acme', [{ put: 'app', id: row.id, name: row.name, expect: row.version, value }]);
    expect(await failureOf(hub.ask())).toMatchObject({ code: 'provider_unavailable' });
    expect(stage.asked).toEqual([]);
  });
});

describe('a client of a connection', () => {
  it.each([
    ['a secret without its client', { clientSecret: ownSecret }],
    ['a client without a secret', { clientId: 'own-1' }],
    ['a secret and a key', { clientId: 'own-1', clientSecret: ownSecret, privateKey: rsaKey }],
    ['an id of a key that is not there', { clientId: 'own-1', clientSecret: ownSecret, keyId: 'k1' }],
    ['a key, and no issuer that it is for', { clientId: 'own-1', privateKey: rsaKey }],
    ['a scope that is none', { ...own, scopes: ['a b'] }],
    ['a token', { ...own, minted: { accessToken: 'mine', obtainedAt: 0 } }],
  ])('is refused before it is stored with %s', async (_, given) => {
    const failure = await failureOf(start({ type: 'client_credentials', ...given }));
    expect(failure.code).toBe('credential_missing');
    expect(failure.message).not.toContain(ownSecret);
  });

  it('is sent to the place that its settings say, and settings that send it elsewhere are refused', async () => {
    const tokenUrl = 'https://{site}.example.com/token';
    const settings = z.object({ site: z.string(), colour: z.string().optional() });
    const test = createTestHub({ connectors: [connector({ tokenUrl }, { settings })] });
    open.push(test);
    const { connections } = test.tenant('acme');
    await connections.put('main', { connector: 'room', credential: own, settings: { site: 'acme' } });
    await connections.update('main', { settings: { site: 'acme', colour: 'red' } });
    expect((await failureOf(connections.update('main', { settings: { site: 'evil' } }))).code).toBe('invalid_argument');
  });
});
