import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type ArchiveHub,
  type ArchiveStage,
  accessToken,
  archiveStage,
  clientSecret,
  failureOf,
  goodAnswer,
  refreshToken,
} from './archive-stage.ts';
import { type CertifiedServer, startCertifiedServer } from './certified-server.ts';
import { endless, type HostileServer, json, oauthMetadata, redirect, reset, stalled, startHostileServer, text } from './hostile-server.ts';

const callback = 'https://host.example.com/hub/oauth/callback/archive';
const hour = 3_600_000;

let stage: ArchiveStage;
let certified: CertifiedServer;
let hostile: HostileServer;
beforeEach(async () => {
  stage = await archiveStage();
  certified = await startCertifiedServer([callback]);
  hostile = await startHostileServer();
});
afterEach(async () => {
  await stage.close();
  await certified.close();
  await hostile.close();
});

const nowhere = { authorizationUrl: undefined, tokenUrl: undefined, revocationUrl: undefined };
const atHostile = (changes: Readonly<Record<string, unknown>> = {}): ArchiveHub =>
  stage.hub({ ...nowhere, issuer: hostile.origin, ...changes });

/** A hub whose account is connected at the certified server, which takes each refresh token once. */
async function connectedAtCertified(): Promise<ArchiveHub> {
  const changes = { scopes: ['openid', 'offline_access'], parameters: { prompt: 'consent' }, refresh: { singleUse: true } };
  const hub = stage.hub({ ...nowhere, issuer: certified.origin, ...changes });
  const back = await hub.comeBack((await certified.visit((await hub.begin()).href)).search.slice(1));
  await hub.complete(back.at?.searchParams.get('flow') ?? '');
  return hub;
}

async function connected(method: Readonly<Record<string, unknown>> = {}): Promise<ArchiveHub> {
  const hub = stage.hub(method);
  await hub.complete(await hub.permit());
  return hub;
}

/** Lets a call need the connection's token now: what became of both. */
async function use(hub: ArchiveHub, count = 1) {
  const calls = Array.from({ length: count }, () => hub.acme.actions.execute('archive.find', { connection: 'main', input: {} }));
  const ids = await Promise.all(calls);
  // One connection has three quarters of a worker's places at most; the others come a moment later.
  await hub.test.settled({ withinMs: count > 1 ? 60_000 : 0 });
  const done = await Promise.all(ids.map(({ dispatchId }) => hub.acme.dispatches.get(dispatchId)));
  const { status, statusReason } = await hub.acme.connections.get('main');
  const attempts = done.reduce((sum, each) => sum + each.attempts.length, 0);
  return { connection: [status, statusReason], calls: [...new Set(done.map((each) => each.status))], attempts };
}

const sentTokens = (): readonly (string | null)[] => stage.asked.slice(1).map((fields) => fields.get('refresh_token'));
const tokens = (count: number) => ({
  ...goodAnswer.json,
  access_token: `access-number-${count}`,
  refresh_token: `refresh-number-${count}`,
});

/** Completes a flow at the hostile server: why it came to nothing. */
async function exchange(hub: ArchiveHub): Promise<Awaited<ReturnType<typeof failureOf>>> {
  return failureOf(hub.complete(await hub.permit()));
}

it('oauth-26: a token endpoint that sends elsewhere is not followed', async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    hostile.on('/token', redirect(`${stage.provider.origin}/token`, status));
    expect((await exchange(atHostile())).code).toBe('provider_rejected');
  }
  expect([stage.provider.requests, hostile.asked('/token')]).toEqual([[], 5]);
});

it('oauth-27: a page in place of tokens is an error with a code, and nothing of it is logged or told', async () => {
  for (const answer of [
    text('<html>page-canary</html>'),
    text('page-canary', 'application/json'),
    text('{"access_token":"page-canary"', 'application/json'),
  ]) {
    hostile.on('/token', answer);
    const hub = atHostile();
    const failure = await exchange(hub);
    expect(failure.code).toBe('response_invalid');
    expect(JSON.stringify([failure, hub.logged, hub.test.notices, await hub.acme.connections.list()])).not.toContain('page-canary');
  }
  hostile.on('/token', endless);
  expect((await exchange(atHostile())).code).toBe('response_too_large');
});

it('oauth-28: an answer without an access token, or with one that is no bearer token, is refused', async () => {
  const good = { access_token: 'access-token-1', token_type: 'Bearer' };
  const bad: unknown[] = [
    { ...good, access_token: undefined },
    { ...good, access_token: null },
    { ...good, access_token: '' },
    { ...good, access_token: 7 },
    { ...good, access_token: ['a'] },
    { ...good, access_token: 'two words' },
    { ...good, access_token: 'a\r\nx: y' },
    { ...good, access_token: 'a'.repeat(16_385) },
    { ...good, refresh_token: 'a\nb' },
    { ...good, token_type: undefined },
    { ...good, token_type: 'mac' },
    { ...good, token_type: ['Bearer'] },
    { ...good, token_type: 'DPoP' },
    JSON.parse('{"__proto__":{"access_token":"a","token_type":"Bearer"}}'),
    [good],
    'Bearer',
    null,
  ];
  for (const answer of bad) {
    hostile.on('/token', json(answer));
    const hub = atHostile();
    expect((await exchange(hub)).code).toBe('response_invalid');
    expect(await hub.acme.connections.list()).toEqual([]);
  }
});

it('oauth-29: fewer scopes than asked for are recorded, told, and refused where they are needed', async () => {
  stage.answer(() => ({ json: { ...goodAnswer.json, scope: 'profile papers:read' } }));
  const hub = stage.hub();
  const { connection, missingScopes } = await hub.complete(await hub.permit());
  expect([connection.status, connection.grantedScopes, missingScopes]).toEqual(['active', ['papers:read', 'profile'], ['papers:write']]);
  const file = hub.acme.actions.execute('archive.file', { connection: 'main', input: { text: 'A paper' } });
  expect((await failureOf(file)).code).toBe('scope_missing');
  await hub.acme.automations.put('keep', {
    trigger: { manual: true },
    steps: [{ id: 'file', action: 'archive.file', connection: 'main', input: { text: 'A paper' } }],
  });
  expect((await hub.acme.connections.scopes('main')).missing).toEqual(['papers:write']);
  expect(hub.test.noticesOf('connection.scopes_missing')).toMatchObject([{ missing: ['papers:write'] }]);
  expect(hub.logged.filter((line) => line.includes('more scopes'))).toEqual([]);
});

it('oauth-30: more scopes than asked for are recorded, and warned of, also where they come with a renewal', async () => {
  stage.answer(() => ({ json: { ...goodAnswer.json, scope: 'profile papers:read papers:write admin <b>' } }));
  const hub = stage.hub();
  const { connection } = await hub.complete(await hub.permit());
  expect(connection.grantedScopes).toContain('admin');
  const warned = () => hub.logged.filter((line) => line.includes('more scopes'));
  expect(warned()).toEqual([expect.stringContaining('"count":2,"scopes":["admin","<b>"]')]);
  stage.answer(() => ({ json: { ...goodAnswer.json, scope: `profile ${'\u202e'}x owner` } }));
  await hub.test.clock.advance(hour);
  await use(hub);
  expect(warned().slice(1)).toEqual([expect.stringContaining('"count":2,"scopes":["owner"]')]);
  expect((await hub.acme.connections.get('main')).grantedScopes).toContain('owner');
});

it('oauth-31: a life is a number of seconds from 0 to a year, whatever the server says', async () => {
  const year = 31_536_000_000;
  for (const [written, expected] of [
    ['-1', 0],
    ['0', 0],
    ['1e309', year],
    ['-1e309', 0],
    ['"3600"', hour],
    ['"1e9"', null],
    ['null', null],
    ['315360000', year],
    ['{}', null],
    ['3600.5', 3_600_500],
  ] as const) {
    hostile.on('/token', text(`{"access_token":"access-token-1","token_type":"Bearer","expires_in":${written}}`, 'application/json'));
    const hub = atHostile();
    const { connection } = await hub.complete(await hub.permit());
    const held = await hub.test.storage.configuration.find('acme', 'credential', connection.id);
    expect([written, held?.value.expiresAt === undefined ? null : held.value.expiresAt - hub.test.clock.now()]).toEqual([
      written,
      expected,
    ]);
  }
});

it('oauth-32: a hundred calls that need a new token make one token request, expiry after expiry, at a server that takes each once', async () => {
  const hub = await connectedAtCertified();
  for (let expiry = 1; expiry <= 3; expiry += 1) {
    await hub.test.clock.advance(hour);
    expect(await use(hub, 100)).toEqual({ connection: ['active', null], calls: ['succeeded'], attempts: 100 });
    expect(certified.asked).toHaveLength(1 + expiry);
  }
});

it('oauth-33: a new refresh token is stored, with its access token, before either is used', async () => {
  const hub = await connected();
  stage.answer(() => ({ json: tokens(2) }));
  const order: string[] = [];
  const { configuration } = hub.test.storage;
  const write = configuration.write.bind(configuration);
  const watched: typeof write = async (tenant, changes) => {
    const verdict = await write(tenant, changes);
    order.push(changes.map((change) => ('put' in change ? change.put : 'delete')).join('+'));
    return verdict;
  };
  Object.assign(configuration, { write: watched });
  stage.serve((authorization) => {
    order.push(authorization);
    return { json: { id: 'paper' } };
  });
  await hub.test.clock.advance(hour);
  await use(hub);
  expect(order).toEqual(['connection+credential', 'Bearer access-number-2']);
});

it('oauth-34: an answer without a refresh token keeps the one before', async () => {
  const hub = await connected();
  stage.answer(() => ({ json: { ...tokens(2), refresh_token: undefined as never } }));
  for (let expiry = 0; expiry < 3; expiry += 1) {
    await hub.test.clock.advance(hour);
    expect((await use(hub)).connection).toEqual(['active', null]);
  }
  expect(sentTokens()).toEqual([refreshToken, refreshToken, refreshToken]);
});

it('oauth-35: an answer that is lost with its process ends the grant by name, unless the service gives a grace', async () => {
  for (const [graceMs, expected] of [
    [0, ['token_invalid', 'answer_lost']],
    [2 * hour, ['active', null]],
  ] as const) {
    const hub = await connected({ refresh: { singleUse: true, graceMs } });
    const { id } = await hub.acme.connections.get('main');
    const row = await hub.test.storage.configuration.find('acme', 'credential', id);
    if (!row) throw new Error('It has a credential.');
    // As a process leaves it that was killed between the server's answer and its own commit.
    const value = { ...row.value, refreshSentAt: hub.test.clock.now() };
    await hub.test.storage.configuration.write('acme', [{ put: 'credential', id: row.id, name: row.name, expect: row.version, value }]);
    await hub.test.clock.advance(hour);
    expect((await use(hub)).connection).toEqual(expected);
  }
  expect(stage.asked.map((fields) => fields.get('grant_type'))).toEqual(['authorization_code', 'authorization_code', 'refresh_token']);
});

it('oauth-36: a grant that the server has ended is said to be, is not asked for again, and keeps what waits', async () => {
  const hub = await connected();
  stage.answer(() => ({ status: 400, json: { error: 'invalid_grant' } }));
  await hub.test.clock.advance(hour);
  expect(await use(hub)).toMatchObject({ connection: ['token_invalid', 'refused'], attempts: 0 });
  expect(await use(hub)).toMatchObject({ connection: ['token_invalid', 'refused'], attempts: 0 });
  expect(sentTokens()).toEqual([refreshToken]);
  expect(hub.test.noticesOf('connection.status_changed')).toMatchObject([{ to: 'token_invalid', reason: 'refused' }]);
  stage.answer(() => goodAnswer);
  await hub.complete(await hub.permit());
  await hub.test.settled({ withinMs: hour });
  expect(new Set((await hub.test.dispatches()).map(({ status }) => status))).toEqual(new Set(['succeeded']));
});

it('oauth-37: a refusal of a token that somebody else has renewed meanwhile ends nothing', async () => {
  const hub = await connected();
  await hub.test.clock.advance(hour);
  stage.answer(async () => {
    const credential = { type: 'oauth2', accessToken: 'access-of-sibling', refreshToken: 'refresh-of-sibling' } as const;
    await hub.acme.connections.put('main', { connector: 'archive', credential });
    return { status: 400, json: { error: 'invalid_grant' } };
  });
  expect(await use(hub)).toEqual({ connection: ['active', null], calls: ['succeeded'], attempts: 1 });
  expect(hub.test.noticesOf('connection.status_changed')).toEqual([]);
});

it('oauth-38: a server that fails, hangs up, stalls, redirects or does not know the app ends no grant', async () => {
  const hub = atHostile({ refresh: { singleUse: true } });
  hostile.on('/token', json({ ...tokens(1), expires_in: 3_600 }));
  await hub.complete(await hub.permit());
  await hub.test.clock.advance(hour);
  const waiting = { connection: ['active', null], attempts: 0 };
  const isWaiting = async (answer: Parameters<typeof hostile.on>[1]) => {
    const asked = hostile.requests.length;
    hostile.on('/token', answer);
    expect(await use(hub)).toMatchObject(waiting);
    // One whose answer was lost is not sent again at once.
    await hub.test.settled({ withinMs: 60_000 });
    expect(hostile.requests.length).toBeGreaterThan(asked);
  };
  for (const answer of [
    json({}, 500),
    json({ error: 'invalid_grant' }, 503),
    json({}, 408),
    json({}, 429),
    reset,
    redirect('/x'),
    text('<html>'),
    endless,
  ]) {
    await isWaiting(answer);
  }
  for (const error of ['invalid_client', 'unauthorized_client', 'server_error', 'temporarily_unavailable', 'unknown']) {
    await isWaiting(json({ error }, 400));
  }
  await hub.test.clock.advance(30_000);
  hostile.on('/token', stalled);
  const asked = hostile.next('/token');
  const used = use(hub);
  await asked;
  await hub.test.clock.advance(10_000);
  expect(await used).toMatchObject(waiting);
  hostile.on('/token', json(tokens(2)));
  await hub.test.settled({ withinMs: hour });
  expect(new Set((await hub.test.dispatches()).map(({ status, attempts }) => `${status} ${attempts.length}`))).toEqual(
    new Set(['succeeded 1']),
  );
  const sent = hostile.requests.filter(({ path }) => path === '/token').slice(1);
  expect(new Set(sent.map(({ fields }) => fields.get('refresh_token')))).toEqual(new Set(['refresh-number-1']));
});

it('oauth-39: tokens that end in one second are renewed by a few calls at a time, tenants in turn', async () => {
  const hub = atHostile({ tokenCalls: 4 });
  const tenants = ['acme', 'globex', 'initech'];
  const grant = { type: 'oauth2', accessToken: 'access-token-old', expiresAt: hub.test.clock.now() } as const;
  for (const tenant of tenants)
    for (let index = 0; index < 40; index += 1) {
      const credential = { ...grant, refreshToken: `refresh-of-${tenant}-${index}` };
      await hub.test.tenant(tenant).connections.put(`account-${index}`, { connector: 'archive', credential });
    }
  let [under, most] = [0, 0];
  hostile.on('/token', async (response, request) => {
    under += 1;
    most = Math.max(most, under);
    // Long enough for more to come, if more were let.
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    under -= 1;
    await json(tokens(1))(response, request);
  });
  const calls = tenants.flatMap((tenant) =>
    Array.from({ length: 40 }, (_, index) =>
      hub.test.tenant(tenant).actions.execute('archive.find', { connection: `archive/account-${index}`, input: {} }),
    ),
  );
  await Promise.all(calls);
  await hub.test.settled({ withinMs: hour });
  const sent = hostile.requests.flatMap(({ fields }) => fields.get('refresh_token') ?? []);
  expect(most).toBeLessThanOrEqual(4);
  expect([sent.length, new Set(sent).size]).toEqual([120, 120]);
});

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Forgery {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly signature?: (text: string) => string;
  readonly keys?: () => void;
}

/** What a server may list, whatever it is worth. */
const listed = { id_token_signing_alg_values_supported: ['none', 'HS256', 'RS256'] };
const keyless = (): void => hostile.say({ ...listed, jwks_uri: undefined });

/** Connects with an ID token that is as it ought to be but for what is given. */
async function connectWithIdToken({ claims = {}, header = {}, signature, keys }: Forgery) {
  hostile.say(listed);
  hostile.on('/jwks', json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256', use: 'sig' }] }));
  keys?.();
  const hub = atHostile({ scopes: ['openid'] });
  const url = await hub.begin();
  const seconds = Math.floor(Date.now() / 1_000);
  const good = { iss: hostile.origin, aud: 'client-1', sub: 's', iat: seconds, exp: seconds + 300, nonce: url.searchParams.get('nonce') };
  const signed = `${part({ alg: 'RS256', kid: 'key-1', ...header })}.${part({ ...good, ...claims })}`;
  const made = signature ? signature(signed) : sign('sha256', Buffer.from(signed), privateKey).toString('base64url');
  hostile.on('/token', json({ ...goodAnswer.json, id_token: `${signed}.${made}` }));
  const { at } = await hub.comeBack({ code: 'code-1', state: url.searchParams.get('state') ?? '' });
  const done = hub.complete(at?.searchParams.get('flow') ?? '');
  return { done, hub };
}

it('oauth-40: an ID token that is not the issuer’s, for this client and this very flow, is refused', async () => {
  expect((await (await connectWithIdToken({})).done).connection.status).toBe('active');
  const seconds = Math.floor(Date.now() / 1_000);
  const hmac = (text: string) =>
    createHash('sha256')
      .update(text)
      .update(publicKey.export({ type: 'spki', format: 'pem' }))
      .digest('base64url');
  const forgeries: readonly Forgery[] = [
    { header: { alg: 'none' }, signature: () => '' },
    { header: { alg: 'none' } },
    { header: { alg: 'HS256' }, signature: hmac },
    { header: { alg: 'ES256' } },
    { header: { alg: 'none' }, signature: () => '', keys: keyless },
    { header: { alg: 'HS256' }, signature: hmac, keys: keyless },
    { signature: () => part('signature') },
    { signature: (text) => sign('sha256', Buffer.from(text), stranger.privateKey).toString('base64url') },
    { header: { kid: 'key-2' } },
    { header: { kid: '../../../etc/passwd' } },
    { header: { kid: '__proto__' } },
    { header: { jku: `${hostile.origin}/other-keys`, jwk: stranger.publicKey.export({ format: 'jwk' }), kid: 'key-3' } },
    { header: { crit: ['exp'] } },
    { claims: { aud: 'client-2' } },
    { claims: { aud: ['client-1', 'client-2'] } },
    { claims: { nonce: 'another' } },
    { claims: { nonce: undefined } },
    { claims: { exp: seconds - 3_600 } },
    { claims: { iat: undefined } },
    { claims: { iss: 'https://evil.example' } },
    { claims: { iss: `${hostile.origin}/` } },
    { keys: () => hostile.on('/jwks', json({ keys: [] })) },
    { keys: () => hostile.on('/jwks', json({ keys: [stranger.publicKey.export({ format: 'jwk' })] })) },
    { keys: () => hostile.on('/jwks', text('<html>')) },
  ];
  for (const forgery of forgeries) {
    const { done, hub } = await connectWithIdToken(forgery);
    expect((await failureOf(done)).code).toBe('response_invalid');
    expect(await hub.acme.connections.list()).toEqual([]);
  }
  expect(hostile.asked('/other-keys')).toBe(0);
});

it('oauth-41: metadata of another issuer, by one character, are refused', async () => {
  for (const issuer of [
    `${hostile.origin}/`,
    hostile.origin.replace('127.0.0.1', 'localhost'),
    'https://honest.example.com',
    '',
    null,
    [hostile.origin],
  ]) {
    hostile.say({ issuer });
    expect((await failureOf(atHostile().begin())).code).toBe('response_invalid');
  }
});

it('oauth-42: an authorization server is not reached where the network is closed: issuer, tokens, keys and revocation', async () => {
  const places = [
    'https://10.0.0.1/x',
    'http://169.254.169.254/x',
    'https://[::ffff:10.0.0.1]/x',
    'https://192.168.1.1/x',
    'https://intranet/x',
    'ftp://as.example.com/x',
  ];
  for (const place of places) {
    for (const name of ['token_endpoint', 'revocation_endpoint', 'jwks_uri']) {
      hostile.say({ [name]: place });
      expect(['egress_refused', 'response_invalid']).toContain((await failureOf(atHostile().begin())).code);
    }
    if (place.startsWith('ftp')) continue;
    const direct = stage.hub({ tokenUrl: place });
    expect((await exchange(direct)).code).toBe('egress_refused');
    expect((await failureOf(stage.hub({ ...nowhere, issuer: new URL(place).origin }).begin())).code).toBe('egress_refused');
  }
  for (const [answer, code] of [
    [redirect('/other-keys'), 'provider_rejected'],
    [endless, 'response_too_large'],
  ] as const) {
    const { done } = await connectWithIdToken({ keys: () => hostile.on('/jwks', answer) });
    expect((await failureOf(done)).code).toBe(code);
  }
  expect(hostile.asked('/other-keys')).toBe(0);
});

it('oauth-43: a server that names the token endpoint of another gets there neither an assertion nor a secret that is meant for the other', async () => {
  hostile.say({ token_endpoint: `${certified.origin}/token`, token_endpoint_auth_methods_supported: ['private_key_jwt'] });
  const hub = stage.hub();
  const app = await hub.acme.oauth.putApp({
    connector: 'archive',
    clientId: 'client-1',
    clientSecret: 'secret-for-hostile',
    endpoints: { issuer: hostile.origin },
  });
  const url = await hub.begin();
  const back = await hub.comeBack({ code: 'code-of-honest', state: url.searchParams.get('state') ?? '' }, app.id);
  expect(await failureOf(hub.complete(back.at?.searchParams.get('flow') ?? ''))).toMatchObject({
    code: 'authentication_failed',
    reason: 'invalid_client',
  });
  expect(certified.asked).toEqual([]);
  hostile.say({ token_endpoint: `${stage.provider.origin}/token` });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const keyed = stage.hub(
    { ...nowhere, issuer: hostile.origin },
    { apps: { archive: { oauth: { clientId: 'client-1', privateKey: pem } } } },
  );
  await keyed.complete(await keyed.permit());
  const [, claims = ''] = (stage.asked[0]?.get('client_assertion') ?? '').split('.');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ iss: 'client-1', aud: hostile.origin });
});

it('oauth-44: a connection is ended here at once, and its grant at the service as soon as that answers', async () => {
  const hub = await connected();
  let tries = 0;
  stage.revoke(() => ({ status: ++tries < 4 ? 503 : 200 }));
  expect((await hub.acme.connections.disconnect('main')).status).toBe('disconnected');
  expect([tries, (await hub.acme.connections.get('main')).status]).toEqual([0, 'disconnected']);
  const { dispatchId } = await hub.acme.actions.execute('archive.find', { connection: 'main', input: {} });
  await hub.test.settled();
  expect((await hub.acme.dispatches.get(dispatchId)).attempts).toEqual([]);
  const sent = stage.provider.requests
    .filter(({ path }) => path === '/revoke')
    .map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  expect([tries, new Set(sent.map(({ token, token_type_hint: kind }) => `${token} ${kind}`))]).toEqual([
    4,
    new Set([`${refreshToken} refresh_token`]),
  ]);
});

it('oauth-45: all connections of a connector are ended in one call, and no other tenant’s', async () => {
  const hub = await connected();
  stage.revoke(() => ({ status: 200 }));
  const credential = { type: 'oauth2', accessToken: 'access-token-many', refreshToken: 'refresh-token-many' } as const;
  for (let index = 0; index < 100; index += 1) await hub.acme.connections.put(`account-${index}`, { connector: 'archive', credential });
  await hub.test.tenant('globex').connections.put('main', { connector: 'archive', credential });
  expect(await hub.acme.oauth.revokeAll('archive')).toEqual({ disconnected: 101 });
  expect(new Set((await hub.acme.connections.list()).map(({ status }) => status))).toEqual(new Set(['disconnected']));
  expect((await hub.test.tenant('globex').connections.get('main')).status).toBe('active');
  await hub.test.settled({ withinMs: hour });
  expect(stage.provider.requests.filter(({ path }) => path === '/revoke')).toHaveLength(101);
});

it('oauth-46: tokens that come for a connection that was ended meanwhile do not bring it back', async () => {
  const hub = await connected();
  await hub.test.clock.advance(hour);
  stage.answer(async () => {
    await hub.acme.connections.disconnect('main');
    return { json: tokens(2) };
  });
  expect((await use(hub)).connection[0]).toBe('disconnected');
  const { id } = await hub.acme.connections.get('main');
  expect(await hub.test.storage.configuration.find('acme', 'credential', id)).toBeNull();
  expect(stage.provider.requests.filter(({ path }) => path === '/papers')).toEqual([]);
});

it('oauth-47: no token, code, verifier, state or secret is in a log, an error, a notice, the audit, a record or an address', async () => {
  const hub = await connected();
  const url = await hub.begin();
  const back = await hub.comeBack({ code: 'code-canary-1', state: url.searchParams.get('state') ?? '' });
  stage.answer((fields) => ({
    status: 400,
    json: { error: 'invalid_grant', error_description: `${fields.get('code')} ${fields.get('refresh_token')}` },
  }));
  const failed = await failureOf(hub.complete(back.at?.searchParams.get('flow') ?? ''));
  await hub.test.clock.advance(hour);
  const used = await use(hub);
  await hub.acme.connections.disconnect('main');
  await hub.test.settled({ withinMs: hour });
  const rows = await hub.test.storage.configuration.snapshot('acme', ['connection', 'credential', 'app']);
  const audit = await hub.acme.audit.list();
  const said = JSON.stringify([
    failed,
    used,
    rows,
    audit,
    hub.logged,
    hub.test.notices,
    await hub.test.dispatches(),
    back.text,
    back.at?.href,
  ]);
  const state = url.searchParams.get('state') ?? '';
  const verifiers = stage.asked.flatMap((fields) => fields.get('code_verifier') ?? []);
  for (const secret of [accessToken, refreshToken, clientSecret, 'code-canary-1', state, ...verifiers]) {
    expect(secret.length).toBeGreaterThan(10);
    for (const form of [
      secret,
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('base64url'),
      Buffer.from(secret).toString('hex'),
      encodeURIComponent(secret),
    ])
      expect(said).not.toContain(form);
  }
  expect(stage.provider.requests.map(({ path }) => path).join()).not.toMatch(/\?/);
});

it('oauth-48: a flood of flows is bounded for each user, unknown answers leave nothing behind, and the flood ends by itself', async () => {
  const hub = atHostile();
  for (let index = 0; index < 45; index += 1) await hub.begin();
  const begun = await Promise.allSettled(Array.from({ length: 60 }, () => hub.begin()));
  expect(begun.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(5);
  const open = await hub.test.storage.flows.count({ tenant: 'acme', user: 'user-1' });
  expect([open >= 45, open <= 50]).toEqual([true, true]);
  for (let index = open; index < 50; index += 1) await hub.begin();
  expect((await failureOf(hub.begin())).code).toBe('overloaded');
  await hub.begin({ hostUser: 'user-2' });
  for (let index = 0; index < 200; index += 1) expect((await hub.comeBack({ code: 'c', state: `state-${index}` })).status).toBe(400);
  expect([hostile.asked('/token'), hostile.asked(oauthMetadata)]).toEqual([0, 1]);
  await hub.test.clock.advance(600_001);
  await hub.begin();
});
