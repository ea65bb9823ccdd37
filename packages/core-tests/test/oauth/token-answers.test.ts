import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveStage, accessToken, archiveStage, clientSecret, failureOf, goodAnswer, refreshToken } from './archive-stage.ts';

let stage: ArchiveStage;
beforeEach(async () => {
  stage = await archiveStage();
});
afterEach(() => stage.close());

/** Connects an account whose token endpoint answers so. */
async function connect(json: unknown, method: Readonly<Record<string, unknown>> = {}, status = 200) {
  const hub = stage.hub(method);
  stage.answer(() => ({ status, json: JSON.parse(JSON.stringify(json)) }));
  const flow = await hub.permit();
  const { connection } = await hub.complete(flow);
  const held = await hub.test.storage.configuration.find('acme', 'credential', connection.id);
  return { hub, connection, expiresInMs: held?.value.expiresAt === undefined ? null : held.value.expiresAt - hub.test.clock.now() };
}

const { json: good } = goodAnswer;
const formOf = (fields: Readonly<Record<string, string | number>>): string =>
  new URLSearchParams(Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)])).toString();
const authorization = (): string | undefined => stage.provider.requests.find(({ path }) => path === '/token')?.headers['authorization'];

describe('a token endpoint is asked', () => {
  it('with HTTP Basic, unless the connector says otherwise', async () => {
    await connect(good);
    expect(authorization()).toBeDefined();
    expect([stage.asked[0]?.has('client_secret'), stage.asked[0]?.has('client_id')]).toEqual([false, false]);
  });

  it('with the secret in the body', async () => {
    await connect(good, { clientAuthentication: 'post' });
    expect(Object.fromEntries(stage.asked[0] ?? [])).toMatchObject({ client_id: 'client-1', client_secret: clientSecret });
  });

  it('without a secret by a public client', async () => {
    await connect(good, { clientAuthentication: 'none' });
    expect([stage.asked[0]?.get('client_id'), stage.asked[0]?.has('client_secret'), authorization()]).toEqual([
      'client-1',
      false,
      undefined,
    ]);
  });

  it('in JSON, where the connector says so', async () => {
    await connect(good, { tokenRequest: 'json', clientAuthentication: 'post' });
    expect(stage.asked[0]?.get('code')).toBe('code-1');
    expect(stage.provider.requests.at(-1)?.headers['content-type']).toBe('application/json');
  });
});

describe('an answer is understood', () => {
  it('with tokens further down, another name for a bearer token and commas between scopes', async () => {
    const { connection } = await connect(
      { ok: true, authed_user: { access_token: accessToken, token_type: 'user', scope: 'papers:read,profile' } },
      { answer: { tokensAt: ['authed_user'], okField: 'ok', bearerNames: ['user'], scopeSeparator: ',' } },
    );
    expect(connection.grantedScopes).toEqual(['papers:read', 'profile']);
  });

  it('without a token type, where the service never says one', async () => {
    const { connection } = await connect({ access_token: accessToken }, { answer: { bearerNames: [''] } });
    expect(connection).toMatchObject({ status: 'active', grantedScopes: ['papers:read', 'papers:write', 'profile'] });
  });

  it('with an empty scope, which grants nothing unless the service has permissions in place of scopes', async () => {
    expect((await connect({ ...good, scope: '' })).connection.grantedScopes).toEqual([]);
    const { connection } = await connect({ ...good, scope: '' }, { answer: { emptyScope: 'unknown' } });
    expect(connection.grantedScopes).toBeNull();
  });

  it('as a form, where the connector says that its service answers so', async () => {
    stage.answer(() => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, text: formOf(good) }));
    const hub = stage.hub({ answer: { format: 'form' } });
    expect((await hub.complete(await hub.permit())).connection).toMatchObject({
      status: 'active',
      grantedScopes: ['papers:read', 'papers:write', 'profile'],
    });
  });

  it('with null for what it does not have', async () => {
    expect((await connect({ ...good, refresh_token: null, expires_in: null, scope: null })).expiresInMs).toBeNull();
  });

  it('with the address of an instance, of which the first label becomes a setting', async () => {
    const method = { answer: { settings: { instance: 'instance_url' } } };
    const { connection } = await connect({ ...good, instance_url: 'https://eu-7.archive.example.com/services' }, method);
    expect(connection.settings).toEqual({ instance: 'eu-7' });
  });

  it.each([
    [3_600, 3_600_000],
    ['3600', 3_600_000],
    [0, 0],
    [-1, 0],
    [315_360_000, 31_536_000_000],
    [null, null],
    ['soon', null],
    [true, null],
    [{}, null],
  ])('that gives %s seconds', async (life, expected) => {
    expect((await connect({ ...good, expires_in: life })).expiresInMs).toBe(expected);
  });
});

describe('an answer is refused', () => {
  const denied = { ok: false, error: 'invalid_code' };
  const quirks = { answer: { okField: 'ok', errors: { invalid_code: 'invalid_grant', bad_verification_code: 'invalid_grant' } } };

  it.each([
    ['an error of status 200', { error: 'bad_verification_code', error_description: 'The code passed is incorrect' }, 200, quirks],
    ['an error in an envelope of status 200', denied, 200, quirks],
    ['a refused grant of status 403', { error: 'invalid_grant' }, 403, {}],
    ['a refused grant of status 400', { error: 'invalid_grant' }, 400, {}],
    ['a refused grant in JSON of a service that answers in forms', { error: 'invalid_grant' }, 400, { answer: { format: 'form' } }],
  ])('as %s', async (_, json, status, method) => {
    expect(await failureOf(connect(json, method, status))).toMatchObject({ code: 'connect_failed', reason: 'exchange_refused' });
  });

  it.each([
    ['a scope that the service does not know', { error: 'invalid_scope' }, 400, 'authentication_failed'],
    ['a server that says with 400 that it is busy', { error: 'temporarily_unavailable' }, 400, 'provider_unavailable'],
    ['a client that is not known', { error: 'invalid_client' }, 401, 'authentication_failed'],
    ['an error that nobody knows', { error: 'no <b>way</b>' }, 400, 'authentication_failed'],
    ['no token', { token_type: 'bearer' }, 200, 'response_invalid'],
    ['a token that is no text', { ...good, access_token: { a: 1 } }, 200, 'response_invalid'],
    ['a token that would end a header', { ...good, access_token: 'a\r\nb: c' }, 200, 'response_invalid'],
    ['a token of another type', { ...good, token_type: 'mac' }, 200, 'response_invalid'],
    ['no token type', { access_token: accessToken }, 200, 'response_invalid'],
    ['a refusal without an error', { message: 'no' }, 400, 'response_invalid'],
    ['a list', [good], 200, 'response_invalid'],
    ['a scope that is no text', { ...good, scope: 7 }, 200, 'response_invalid'],
    ['a server that fails', { error: 'invalid_grant' }, 503, 'provider_unavailable'],
    ['a server that has enough', { error: 'invalid_grant' }, 429, 'provider_unavailable'],
  ])('with %s', async (_, json, status, code) => {
    const failure = await failureOf(connect(json, {}, status));
    expect(failure.code).toBe(code);
    expect(JSON.stringify(failure)).not.toMatch(/way|token-abc/);
  });

  it('that is a form, of a service that answers in JSON, and text that is neither', async () => {
    const hub = stage.hub();
    stage.answer(() => ({ text: formOf(good) }));
    expect((await failureOf(hub.complete(await hub.permit()))).code).toBe('response_invalid');
    const lenient = stage.hub({ answer: { format: 'form' } });
    for (const text of ['<html>Not found</html>', '', `${'['.repeat(21)}${']'.repeat(21)}`]) {
      stage.answer(() => ({ text }));
      expect((await failureOf(lenient.complete(await lenient.permit()))).code).toBe('response_invalid');
    }
  });

  it('that is too long, and one that sends elsewhere, which is not followed', async () => {
    expect((await failureOf(connect({ ...good, padding: 'x'.repeat(70_000) }))).code).toBe('response_too_large');
    const hub = stage.hub();
    stage.answer(() => ({ status: 302, headers: { location: `${stage.provider.origin}/elsewhere` } }));
    expect((await failureOf(hub.complete(await hub.permit()))).code).toBe('provider_rejected');
    expect(stage.provider.requests.map(({ path }) => path)).not.toContain('/elsewhere');
  });

  it('that is no address of an instance', async () => {
    const method = { answer: { settings: { instance: 'instance_url' } } };
    for (const address of ['http://eu.archive.example', 'javascript:alert(1)', 7, null])
      expect((await failureOf(connect({ ...good, instance_url: address }, method))).code).toBe('response_invalid');
  });
});

describe('an ID token', () => {
  const issuer = 'https://as.example.com';
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(Date.now() / 1_000);

  async function connectWith(change: Readonly<Record<string, unknown>>, header: Readonly<Record<string, unknown>> = { alg: 'RS256' }) {
    const hub = stage.hub({ issuer, scopes: ['openid'] });
    const url = await hub.begin();
    const claims = {
      iss: issuer,
      aud: 'client-1',
      sub: 's',
      iat: seconds,
      exp: seconds + 300,
      nonce: url.searchParams.get('nonce'),
      ...change,
    };
    stage.answer(() => ({ json: { ...good, id_token: `${part(header)}.${part(claims)}.${part('signature')}` } }));
    const { at } = await hub.comeBack({ code: 'code-1', state: url.searchParams.get('state') ?? '', iss: issuer });
    return hub.complete(at?.searchParams.get('flow') ?? '');
  }

  it('that answers this very request is taken', async () => {
    expect((await connectWith({})).connection.status).toBe('active');
  });

  it.each([
    ['without a signature', {}, { alg: 'none' }],
    ['signed with what everybody knows', {}, { alg: 'HS256' }],
    ['for another client', { aud: 'client-2' }, { alg: 'RS256' }],
    ['with another nonce', { nonce: 'n' }, { alg: 'RS256' }],
    ['without a nonce', { nonce: undefined }, { alg: 'RS256' }],
    ['that has ended', { exp: seconds - 3_600 }, { alg: 'RS256' }],
    ['of another issuer', { iss: 'https://evil.example' }, { alg: 'RS256' }],
  ])('%s is refused', async (_, change, header) => {
    expect((await failureOf(connectWith(change, header))).code).toBe('response_invalid');
  });

  it('that nobody asked for is not looked at', async () => {
    expect((await connect({ ...good, id_token: 'no token at all' })).connection.status).toBe('active');
  });
});

it('keeps the refresh token sealed beside the access token, and hands neither to a connector or the host', async () => {
  const { hub, connection } = await connect(good);
  const answer = await hub.acme.actions.execute('archive.find', { connection: 'main', input: {} });
  await hub.test.settled({ withinMs: 0 });
  const shown = JSON.stringify([connection, await hub.acme.dispatches.get(answer.dispatchId), await hub.test.dispatches()]);
  expect(shown).not.toContain(accessToken);
  expect(shown).not.toContain(refreshToken);
});
