import type { OAuth2Revocation } from '@patchbay/core';
import { hashCredential, type ProviderReply, type ProviderRequest, startFakeProvider } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveStage, accessToken, archiveStage, clientSecret, refreshToken } from './archive-stage.ts';

type Provider = Awaited<ReturnType<typeof startFakeProvider>>;

let stage: ArchiveStage;
let elsewhere: Provider;
let answer: (request: ProviderRequest) => ProviderReply;
beforeEach(async () => {
  stage = await archiveStage();
  answer = () => ({ status: 204 });
  elsewhere = await startFakeProvider({ handler: (request) => answer(request) });
});
afterEach(async () => {
  await stage.close();
  await elsewhere.close();
});

/** Connects and disconnects an account whose service takes grants back so. */
async function disconnected(path: string, revocation: OAuth2Revocation, more: Readonly<Record<string, unknown>> = {}) {
  const hub = stage.hub({ revocationUrl: `${elsewhere.origin}${path}`, revocation, ...more });
  await hub.complete(await hub.permit());
  await hub.acme.connections.disconnect('main');
  await hub.test.settled();
  return hub;
}

const sent = () => elsewhere.requests.map(({ method, path, headers, body }) => [method, path, headers['authorization'], body]);
const basic = hashCredential(`Basic ${Buffer.from(`client-1:${clientSecret}`).toString('base64')}`);
const bearer = hashCredential(`Bearer ${accessToken}`);

describe('a grant is taken back', () => {
  it('with DELETE, the app in HTTP Basic, its id in the address and the access token in JSON', async () => {
    const headers = { 'user-agent': 'patchbay' };
    await disconnected('/applications/{client_id}/grant', {
      method: 'DELETE',
      token: 'access_token',
      tokenIn: 'json',
      tokenField: 'access_token',
      clientAuthentication: 'basic',
      headers,
    });
    expect(sent()).toEqual([['DELETE', '/applications/client-1/grant', basic, JSON.stringify({ access_token: accessToken })]]);
    expect(elsewhere.requests[0]?.headers).toMatchObject({ ...headers, 'content-type': 'application/json', accept: 'application/json' });
  });

  it('with the refresh token in the address, and nobody proven', async () => {
    const described = { method: 'DELETE', token: 'refresh_token', tokenIn: 'address', clientAuthentication: 'none' } as const;
    await disconnected('/refresh-tokens/{token_value}', described);
    expect(sent()).toEqual([['DELETE', `/refresh-tokens/${refreshToken}`, undefined, '']]);
  });

  it('with the access token as the bearer, and no body', async () => {
    await disconnected('/auth.revoke', { token: 'access_token', tokenIn: 'bearer' });
    expect(sent()).toEqual([['POST', '/auth.revoke', bearer, '']]);
  });

  it('with the secret beside the token in a form', async () => {
    await disconnected('/revoke', { tokenIn: 'form', clientAuthentication: 'post' });
    const [request] = elsewhere.requests;
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      token: refreshToken,
      client_id: 'client-1',
      client_secret: clientSecret,
    });
  });
});

it('sends nothing where the connection has none of the token that is taken', async () => {
  stage.answer(() => ({ json: { access_token: accessToken, token_type: 'bearer' } }));
  const hub = await disconnected('/refresh-tokens/{token_value}', { method: 'DELETE', token: 'refresh_token', tokenIn: 'address' });
  expect([sent(), await hub.test.dispatches()]).toEqual([[], []]);
});

it('asks nobody where a tenant’s own server has no address for it, least of all the connector’s', async () => {
  const hub = stage.hub({ revocationUrl: `${elsewhere.origin}/auth.revoke`, revocation: { token: 'access_token', tokenIn: 'bearer' } });
  const { origin } = stage.provider;
  const endpoints = { authorizationUrl: `${origin}/authorize`, tokenUrl: `${origin}/token` };
  const { id } = await hub.acme.oauth.putApp({ connector: 'archive', clientId: 'own-1', clientSecret: 'own-secret-123', endpoints });
  const url = await hub.begin();
  const { at } = await hub.comeBack({ code: 'code-1', state: url.searchParams.get('state') ?? '' }, id);
  await hub.complete(at?.searchParams.get('flow') ?? '');
  await hub.acme.connections.disconnect('main');
  await hub.test.settled({ withinMs: 0 });
  expect([sent(), (await hub.test.dispatches()).map(({ status }) => status)]).toEqual([[], ['succeeded']]);
});

describe('the answer', () => {
  const described: OAuth2Revocation = { token: 'access_token', tokenIn: 'bearer', gone: [404, 'token_revoked'] };
  const statuses = async (hub: Awaited<ReturnType<typeof disconnected>>) => (await hub.test.dispatches()).map(({ status }) => status);

  it.each([
    ['a status that means that it is gone', { status: 404, json: { message: 'Not Found' } }],
    ['a code that means that it is gone', { json: { ok: false, error: 'token_revoked' } }],
    ['success in an envelope', { json: { ok: true, revoked: true } }],
  ])('is the end of it with %s', async (_, reply) => {
    answer = () => reply;
    const hub = await disconnected('/auth.revoke', described, { answer: { okField: 'ok' } });
    expect([elsewhere.requests.length, await statuses(hub)]).toEqual([1, ['succeeded']]);
  });

  it.each([
    ['a refusal in an envelope of status 200', { json: { ok: false, error: 'not_allowed' } }, 'authentication_failed'],
    ['a refusal without a code', { status: 422, json: { message: `Bad ${accessToken}` } }, 'provider_rejected'],
  ])('is told to a person with %s', async (_, reply, code) => {
    answer = () => reply;
    const hub = await disconnected('/auth.revoke', described, { answer: { okField: 'ok' } });
    expect([elsewhere.requests.length, await statuses(hub)]).toEqual([1, ['dead']]);
    expect(hub.test.noticesOf('dispatch.dead')).toMatchObject([{ handler: 'revocation', error: { code } }]);
    expect(JSON.stringify([hub.test.notices, hub.logged])).not.toContain(accessToken);
  });

  it('is asked for again where the service fails, by its status or by its word', async () => {
    let tries = 0;
    const replies = [{ status: 503 }, { json: { ok: false, error: 'fatal_error' } }, { json: { ok: true } }];
    answer = () => replies[tries++] ?? {};
    const quirks = { okField: 'ok', errors: { fatal_error: 'temporarily_unavailable' } };
    const hub = await disconnected('/auth.revoke', described, { answer: quirks });
    expect([tries, await statuses(hub)]).toEqual([3, ['succeeded']]);
  });
});

describe('a description is refused', () => {
  it.each([
    ['without an address', undefined, { tokenIn: 'form' }],
    ['with another method', '/r', { tokenIn: 'form', method: 'GET' }],
    ['that does not say where the token goes', '/r', {}],
    ['whose address does not hold the token', '/r', { tokenIn: 'address' }],
    ['whose address holds a token that goes elsewhere', '/r/{token_value}', { tokenIn: 'form' }],
    ['with a secret in a body that there is not', '/r', { tokenIn: 'bearer', clientAuthentication: 'post' }],
    ['with two credentials in one header', '/r', { tokenIn: 'bearer', clientAuthentication: 'basic' }],
  ])('%s', (_, path, revocation) => {
    const revocationUrl = path === undefined ? undefined : `${elsewhere.origin}${path}`;
    expect(() => stage.hub({ revocationUrl, revocation })).toThrow(/revocation|taken back/);
  });
});
