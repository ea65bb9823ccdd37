import { generateKeyPairSync, verify } from 'node:crypto';
import { type ConnectionCall, type Credential, path } from '@patchbay/core';
import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { failureOf } from './archive-stage.ts';
import { installed, type MintingStage, mintingStage, roomConnector, roomHub, rsaKey, rsaPublicKey } from './minting-stage.ts';

let stage: MintingStage;
const open: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  stage = await mintingStage();
  stage.answer(() => ({ status: 201, json: { token: 'ghs_token-number-1' } }));
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await stage.close();
});

const apps = { room: { oauth: { clientId: 'Iv23host', privateKey: rsaKey, keyId: 'k1' } } };
const credential: Credential = { type: 'app_installation', installation: '4711' };
const otherKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();

async function start(
  changes: Readonly<Record<string, unknown>> = {},
  given: Credential = credential,
  options: Parameters<typeof roomHub>[2] = { apps },
) {
  const { origin } = stage.provider;
  const hub = await roomHub(roomConnector(origin, [installed(origin, changes)]), given, options);
  open.push(hub.test);
  return hub;
}

const read = (part = ''): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());

function assertionIn(authorization: string | undefined) {
  const [header = '', claims = '', signature = ''] = authorization?.replace(/^Bearer /, '').split('.') ?? [];
  const isGenuine = verify('sha256', Buffer.from(`${header}.${claims}`), rsaPublicKey, Buffer.from(signature, 'base64url'));
  return { header: read(header), claims: read(claims), isGenuine };
}

describe('the token of an installation', () => {
  it('is asked for with an assertion of the app, a minute back and for ten minutes', async () => {
    const hub = await start({ headers: { 'X-Api-Version': '2022-11-28', Accept: 'application/vnd.room+json' } });
    const now = Math.floor(hub.test.clock.now() / 1_000);
    expect((await hub.ask()).status).toBe(200);
    const [request] = stage.asked;
    expect([request?.method, request?.path, request?.body]).toEqual(['POST', '/installed/4711/tokens', '']);
    expect(request?.headers).toMatchObject({ 'x-api-version': '2022-11-28', accept: 'application/vnd.room+json' });
    expect(assertionIn(request?.headers['authorization'])).toEqual({
      header: { alg: 'RS256', typ: 'JWT', kid: 'k1' },
      claims: { iat: now - 60, exp: now + 540, iss: 'Iv23host' },
      isGenuine: true,
    });
    expect(stage.served).toEqual(['Bearer ghs_token-number-1']);
  });

  it('is for an audience, as old and as long as the connector says', async () => {
    const hub = await start({ audience: 'https://room.example.com', backdatedMs: 0, lifetimeMs: 120_000 });
    const now = Math.floor(hub.test.clock.now() / 1_000);
    await hub.ask();
    expect(assertionIn(stage.asked[0]?.headers['authorization']).claims).toEqual({
      iat: now,
      exp: now + 120,
      iss: 'Iv23host',
      aud: 'https://room.example.com',
    });
  });

  it('may be for less than the installation, in the fields that the service knows', async () => {
    const narrow = { repositories: ['one', 'two'], permissions: { issues: 'write' } };
    const hub = await start({ narrowedBy: ['repositories', 'permissions'] }, { ...credential, narrow });
    await hub.ask();
    expect([stage.asked[0]?.json, stage.asked[0]?.headers['content-type']]).toEqual([narrow, 'application/json']);
  });

  it('is found in the fields that the connector names, and ends at the date that is told there', async () => {
    const hub = await start({ answer: { token: 'accessToken', expiresAt: 'until' } });
    const until = new Date(hub.test.clock.now() + 600_000).toISOString();
    stage.answer(() => ({ json: { accessToken: 'token-number-2', until, token: 'another' } }));
    await hub.ask();
    await hub.test.clock.advance(300_000);
    await hub.ask();
    await hub.test.clock.advance(300_000);
    await hub.ask();
    expect([stage.served, stage.asked.length]).toEqual([Array(3).fill('Bearer token-number-2'), 2]);
  });

  it.each([
    ['that is over by our clock', '2001-01-01T00:00:00Z'],
    ['that is none', 'tomorrow'],
    ['that is no text', 7],
  ])('with an end %s is used until it is refused', async (_, expires_at) => {
    stage.answer(() => ({ status: 201, json: { token: 'token-number-3', expires_at } }));
    const hub = await start();
    await hub.ask();
    await hub.ask();
    await hub.test.clock.advance(86_400_000);
    await hub.ask();
    expect([stage.served.length, stage.asked.length]).toEqual([3, 1]);
  });

  it.each([[[]], [{}], ['text'], [{ token: 7 }], [{ token: '' }], [{ token: 'a b' }], [{ token: `a${'b'.repeat(16_384)}` }]])(
    'is none in %j, and the connection stays as it is',
    async (json) => {
      stage.answer(() => ({ status: 201, json }));
      const hub = await start();
      expect((await failureOf(hub.ask())).code).toBe('provider_unavailable');
      expect([stage.served, await hub.status()]).toEqual([[], ['active', null]]);
    },
  );

  it.each([
    ['no JSON', '<html>'],
    ['JSON that nests too deep', `${'['.repeat(40)}${']'.repeat(40)}`],
  ])('is none in %s', async (_, text) => {
    stage.answer(() => ({ status: 201, text }));
    const hub = await start();
    expect((await failureOf(hub.ask())).code).toBe('provider_unavailable');
    expect([stage.served, await hub.status()]).toEqual([[], ['active', null]]);
  });

  it('is asked for with the key of the tenant’s own app, where it has one', async () => {
    const hub = await start();
    await hub.acme.oauth.putApp({ connector: 'room', clientId: 'Iv23tenant', privateKey: otherKey });
    await hub.ask();
    expect(assertionIn(stage.asked[0]?.headers['authorization'])).toMatchObject({ claims: { iss: 'Iv23tenant' }, isGenuine: false });
  });

  it('is never asked for with the host’s key where it was put while the tenant had an app: nobody has looked whose installation it is', async () => {
    const hub = await start();
    const own = { connector: 'room', clientId: 'Iv23tenant', privateKey: otherKey };
    await hub.acme.oauth.putApp(own);
    const of = (installation: string) => ({ connector: 'room', credential: { ...credential, installation } });
    await hub.acme.connections.put('victim', of('999'));
    await hub.acme.connections.rotate('main', { credential: { ...credential, installation: '998' }, check: false });
    await hub.acme.connections.rotate('victim', { credential: { ...credential, installation: '997' }, check: false });
    await hub.acme.connections.rollBack('victim');
    await hub.acme.oauth.removeApp('room');
    for (const name of ['main', 'victim'])
      expect((await failureOf(hub.acme.request(name, { method: 'GET', path: path`/papers` }))).code).toBe('provider_unavailable');
    expect(stage.asked).toEqual([]);
    await hub.acme.oauth.putApp(own);
    await hub.acme.request('victim', { method: 'GET', path: path`/papers` });
    expect(stage.asked.map(({ path: at }) => at)).toEqual(['/installed/999/tokens']);
    expect(assertionIn(stage.asked[0]?.headers['authorization'])).toMatchObject({ claims: { iss: 'Iv23tenant' } });
    // Whoever puts it again has the host's app ask, and says so by it.
    await hub.acme.oauth.removeApp('room');
    await hub.acme.connections.put('main', of('4711'));
    await hub.ask();
    expect(assertionIn(stage.asked[1]?.headers['authorization'])).toMatchObject({ claims: { iss: 'Iv23host' } });
  });

  it('is not ended by a refusal of the host’s key, but by one of the installation', async () => {
    const hub = await start();
    stage.answer(() => ({ status: 401, json: {} }));
    await hub.find();
    expect(await hub.status()).toEqual(['active', null]);
    stage.answer(() => ({ status: 404, json: {} }));
    await hub.test.settled({ withinMs: 60_000 });
    expect(await hub.status()).toEqual(['token_invalid', 'refused']);
  });
});

describe('a connection to an installation', () => {
  it.each<[string, Credential, string]>([
    ['an id that is a path', { ...credential, installation: '1/../2' }, 'installation is no id'],
    ['an id with a query', { ...credential, installation: '1?a=b' }, 'installation is no id'],
    ['a field that the service does not know', { ...credential, narrow: { owner: 'me' } }, 'It knows nothing'],
    ['a key without the app that it is of', { ...credential, privateKey: rsaKey }, 'go together'],
    ['an app without its key', { ...credential, issuer: 'Iv23' }, 'go together'],
    [
      'a key of another kind',
      {
        ...credential,
        issuer: 'Iv23',
        privateKey: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
      'does not sign by RS256',
    ],
  ])('is refused before it is stored with %s', async (_, given, message) => {
    expect(await failureOf(start({}, given))).toMatchObject({ code: 'credential_missing', message: expect.stringContaining(message) });
  });

  it.each([
    ['nobody has registered an app', {}, 'No app is registered'],
    ['the app has no key', { apps: { room: { oauth: { clientId: 'Iv23host', clientSecret: 'secret-1234' } } } }, 'no privateKey'],
  ])('is not put where %s', async (_, options, message) => {
    expect(await failureOf(start({}, credential, options))).toMatchObject({
      code: 'credential_missing',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['of another kind', { privateKey: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }],
    [
      'too short',
      { privateKey: generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
    ],
    ['that is none', { privateKey: 'hunter2' }],
    ['whose id is none', { privateKey: rsaKey, keyId: 'a b' }],
    ['that is missing, with an id', { clientSecret: 'secret-1234', keyId: 'k1' }],
  ])('has no app with a key %s', async (_, given) => {
    const failure = await failureOf(start({}, credential, { apps: { room: { oauth: { clientId: 'Iv23', ...given } } } }));
    expect(failure.code).toBe('invalid_argument');
    expect(failure.message).not.toMatch(/hunter2|[A-Za-z0-9+/]{40}/);
  });
});

it('gives a harness of its connector a token by its own secrets, once', async () => {
  const { origin } = stage.provider;
  const health = {
    healthCheck: async ({ http }: ConnectionCall) => http.get(path`/papers`, { response: z.object({ id: z.string() }) }).then(good),
  };
  const good = () => ({ healthy: true });
  const harness = createConnectorHarness({
    connector: roomConnector(origin, [installed(origin)], health),
    credential: { ...credential, issuer: 'Iv23own', privateKey: rsaKey },
    dangerouslyAllowPrivateNetworks: true,
  });
  open.push(harness);
  expect([await harness.checkHealth(), await harness.checkHealth()]).toEqual([{ healthy: true }, { healthy: true }]);
  expect([stage.served, stage.asked.length]).toEqual([Array(2).fill('Bearer ghs_token-number-1'), 1]);
  const without = createConnectorHarness({ connector: roomConnector(origin, [installed(origin)], health), credential });
  open.push(without);
  expect((await failureOf(without.checkHealth())).code).toBe('credential_missing');
});

it('keeps the key of an app sealed, tells a changed one from the same, and takes it along to a new data key', async () => {
  const hub = await start();
  const own = { connector: 'room', clientId: 'Iv23tenant', clientSecret: 'secret-of-the-tenant', privateKey: rsaKey, keyId: 'k2' };
  const first = await hub.acme.oauth.putApp(own);
  expect((await hub.acme.oauth.putApp(own)).version).toBe(first.version);
  const changed = await hub.acme.oauth.putApp({ ...own, privateKey: otherKey });
  expect(changed.version).toBe(first.version + 1);
  expect((await hub.acme.oauth.putApp({ ...own, privateKey: otherKey, keyId: 'k3' })).version).toBe(changed.version + 1);
  // With its key alone, so that nothing else has the row written again.
  const keyed = { connector: 'room', clientId: 'Iv23tenant', privateKey: rsaKey, keyId: 'k2' };
  const last = await hub.acme.oauth.putApp(keyed);
  const stored = JSON.stringify(await hub.test.storage.configuration.snapshot('acme', ['app']));
  for (const line of [rsaKey.split('\n')[1] ?? '', 'secret-of-the-tenant']) expect(stored).not.toContain(line);
  await hub.acme.vault.rotate();
  expect(await hub.acme.vault.rewrap()).toMatchObject({ unreadable: 0 });
  expect((await hub.acme.oauth.putApp(keyed)).version).toBe(last.version + 1);
  await hub.test.clock.advance(600_000);
  expect(await hub.acme.vault.setMinDecryptVersion(2)).toMatchObject({ minDecryptVersion: 2 });
  await hub.ask();
  expect(assertionIn(stage.asked[0]?.headers['authorization'])).toMatchObject({ header: { kid: 'k2' }, isGenuine: true });
});
