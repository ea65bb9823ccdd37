import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { type AuthMethod, awsSigV4, type Credential, createHub, localKeys, path } from '@patchbay/core';
import type { RequestSigner } from '@patchbay/core/host';
import { memoryStorage } from '@patchbay/storage-memory';
import { createTestHub, type FakeProvider, type ProviderHandler, type ProviderRequest, startFakeProvider } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { depotConnector } from './depot-connector.ts';

let provider: FakeProvider;
let handler: ProviderHandler;
let came: ProviderRequest[];
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  came = [];
  handler = () => ({ json: { ok: true } });
  provider = await startFakeProvider({
    handler: (request) => {
      came.push(request);
      return handler(request);
    },
  });
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await provider.close();
});

async function connect(
  auth: AuthMethod,
  credential: Credential,
  more: { settings?: Record<string, string>; signers?: RequestSigner[] } = {},
) {
  const { settings, signers = [] } = more;
  const changes = settings ? { settings: z.record(z.string(), z.string()) } : {};
  const run = ({ http }: { http: Parameters<Parameters<typeof depotConnector>[0]['run'] & object>[0]['http'] }) =>
    http.post(path`/items/${'a b'}`, { json: { a: 1 }, query: { q: 'x y*' }, response: z.json() });
  const test = createTestHub({
    connectors: [depotConnector({ origin: provider.origin, auth: [auth], run, changes })],
    signers,
    retry: { maximumAttempts: 2 },
  });
  open.push(test);
  const acme = test.tenant('acme');
  await acme.connections.put('main', { connector: 'depot', credential, ...(settings ? { settings } : {}) });
  return { test, acme, request: () => acme.request('main', { method: 'GET', path: path`/items` }) };
}

const aws: AuthMethod = { type: 'signature', signer: 'aws-sigv4', options: { region: '{region}', service: 'depot' } };
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const settings = { region: 'eu-west-1' };

/** What the service would compute for the request that came, from the words of the protocol. */
function signatureAsTold({ headers }: ProviderRequest): { readonly scope: string; readonly names: string } {
  const [, scope = '', names = ''] =
    /Credential=(\S+), SignedHeaders=(\S+), Signature=[0-9a-f]{64}$/.exec(headers['authorization'] ?? '') ?? [];
  return { scope, names };
}

describe('a request signed for AWS', () => {
  it('carries date and signature over everything that is sent, with the region of the connection', async () => {
    const { acme, test } = await connect(aws, { type: 'signature', fields: keys }, { settings });
    await acme.actions.execute('depot.unsafe', { connection: 'main', input: {} });
    await test.settled();
    const [request] = came;
    if (request === undefined) throw new Error('Nothing came.');
    expect(request.target).toBe('/v1/items/a%20b?q=x%20y%2A');
    const { scope, names } = signatureAsTold(request);
    expect(scope).toMatch(/^AKIDEXAMPLE\/\d{8}\/eu-west-1\/depot\/aws4_request$/);
    expect(names).toBe('content-type;host;x-amz-date');
    expect(request.headers['x-amz-date']).toMatch(/^\d{8}T\d{6}Z$/);
  });

  it('is signed with a role that is assumed once for many requests, and again before it expires', async () => {
    let roles = 0;
    handler = (request) => {
      if (!request.body.includes('Action=AssumeRole')) return { json: {} };
      roles += 1;
      const expires = new Date(
        Date.parse(`${request.headers['x-amz-date']?.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z')}`) +
          3_600_000,
      );
      const xml = `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA${roles}</AccessKeyId><SecretAccessKey>secret-of-role-${roles}</SecretAccessKey><SessionToken>session-of-role-${roles}</SessionToken><Expiration>${expires.toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
      return { json: xml };
    };
    const fields = { ...keys, roleArn: 'arn:aws:iam::123456789012:role/reader', externalId: 'outer-id-1' };
    const { request, test } = await connect(
      aws,
      { type: 'signature', fields },
      { settings, signers: [awsSigV4({ stsOrigin: provider.origin })] },
    );
    await Promise.all([request(), request(), request()]);
    expect(roles).toBe(1);
    const asked = came.find(({ body }) => body.includes('AssumeRole'));
    expect(new URLSearchParams(asked?.body).get('RoleArn')).toBe(fields.roleArn);
    expect(new URLSearchParams(asked?.body).get('ExternalId')).toBe('outer-id-1');
    expect(asked?.headers['authorization']).toMatch(/Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/sts\/aws4_request/);
    const signed = came.filter(({ body }) => !body.includes('AssumeRole'));
    expect(signed.map(({ headers }) => headers['x-amz-security-token'])).toEqual(Array(3).fill('session-of-role-1'));
    expect(signatureAsTold(signed[0] as ProviderRequest).scope).toMatch(/^ASIA1\//);
    await test.clock.advance(3_500_000);
    await request();
    expect(roles).toBe(2);
    expect(came.at(-1)?.headers['x-amz-security-token']).toBe('session-of-role-2');
  });

  it.each([
    [403, 'authentication_failed', false],
    [500, 'provider_unavailable', true],
  ] as const)(
    'is not sent where the role is refused or cannot be had (%d), and the error has nothing of it',
    async (status, code, retryable) => {
      handler = ({ body }) => ({ status, json: `<Code>AccessDenied</Code> ${body} ${keys.secretAccessKey}` });
      const fields = { ...keys, roleArn: 'arn:aws:iam::123456789012:role/reader' };
      const { request } = await connect(
        aws,
        { type: 'signature', fields },
        { settings, signers: [awsSigV4({ stsOrigin: provider.origin })] },
      );
      const error: unknown = await request().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code, retryable, sent: 'no' });
      expect(JSON.stringify(error)).not.toContain(keys.secretAccessKey);
      expect(came.every(({ body }) => body.includes('AssumeRole'))).toBe(true);
    },
  );

  it.each([
    [{ accessKeyId: 'AKIDEXAMPLE' }, 'lacks secretAccessKey'],
    [{ ...keys, password: 'x' }, 'fields that the signer does not know'],
  ])('is refused before it is stored where the credential does not fit: %j', async (fields, message) => {
    await expect(connect(aws, { type: 'signature', fields }, { settings })).rejects.toMatchObject({
      code: 'credential_missing',
      message: expect.stringContaining(message),
    });
  });

  it('goes nowhere with a region that is no label', async () => {
    const put = connect(aws, { type: 'signature', fields: keys }, { settings: { region: 'x.evil.example/' } });
    await expect(put).rejects.toMatchObject({ code: 'egress_refused' });
  });
});

describe('a signer of the host', () => {
  const custom: AuthMethod = { type: 'signature', signer: 'house', options: {} };
  const house = (sign: RequestSigner['sign']): RequestSigner => ({ id: 'house', fields: { key: {} }, sign });
  const credential: Credential = { type: 'signature', fields: { key: 'house-key-123' } };

  it('sees the finished request, and its answer comes back without what it added', async () => {
    let seen: Parameters<RequestSigner['sign']>[0] | undefined;
    const signers = [
      house((request, { fields }) => {
        seen = request;
        return { headers: [['x-house', `${fields['key']?.length}-digest-of-it`]], secrets: ['13-digest-of-it'] };
      }),
    ];
    handler = ({ headers }) => ({ json: { echo: headers['x-house'] ?? null } });
    const { acme, test } = await connect(custom, credential, { signers });
    const { dispatchId } = await acme.actions.execute('depot.unsafe', { connection: 'main', input: {} });
    await test.settled();
    expect(seen).toMatchObject({ method: 'POST', origin: provider.origin, target: '/v1/items/a%20b?q=x%20y%2A', at: test.clock.now() });
    expect(Buffer.from(seen?.body ?? '').toString()).toBe('{"a":1}');
    expect(came[0]?.headers['x-house']).toBe('13-digest-of-it');
    expect((await acme.dispatches.get(dispatchId)).output).toEqual({ echo: '[withheld]' });
  });

  it.each<[string, RequestSigner['sign']]>([
    [
      'throws',
      () => {
        throw new Error('with house-key-123 in it');
      },
    ],
    ['frames the request', () => ({ headers: [['content-length', '0']] })],
    ['names the host', () => ({ headers: [['host', 'evil.example']] })],
    ['replaces the body type', () => ({ headers: [['content-type', 'text/plain']] })],
    ['adds a line', () => ({ headers: [['x-house', 'a\r\nx-evil: 1']] })],
  ])('sends nothing where it %s', async (_what, sign) => {
    const { acme } = await connect(custom, credential, { signers: [house(sign)] });
    const error: unknown = await acme.request('main', { method: 'POST', path: path`/items`, json: {} }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ sent: 'no' });
    expect(JSON.stringify(error) + String(error)).not.toContain('house-key-123');
    expect(came).toEqual([]);
  });

  it.each([
    [{ type: 'signature', signer: 'nobody' }, 'names the signer nobody'],
    [{ type: 'signature', signer: 'aws-sigv4', options: { region: 'a' } }, 'does not give its signer aws-sigv4 the options service'],
  ] as const)('is there when the hub is made, or the connector is refused: %j', (auth, message) => {
    const make = () =>
      createHub({
        connectors: [depotConnector({ origin: provider.origin, auth: [auth] })],
        storage: memoryStorage(),
        keys: localKeys({ active: 'k', keys: { k: randomBytes(32).toString('base64') } }),
        publicUrl: 'https://host.example.com',
      });
    expect(make).toThrow(expect.objectContaining({ code: 'connector_invalid', message: expect.stringContaining(message) }));
  });
});

describe('a service account', () => {
  const pairs = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: generateKeyPairSync('ed25519'),
  };
  const pemOf = (algorithm: keyof typeof pairs): string => pairs[algorithm].privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  it.each(['RS256', 'ES256', 'EdDSA'] as const)('sends an assertion signed by %s, which the public key verifies', async (algorithm) => {
    const privateKey = pemOf(algorithm);
    const auth: AuthMethod = { type: 'service_account', algorithm, audience: 'https://depot.example.com/', scopes: ['read', 'write'] };
    const { request, test } = await connect(auth, { type: 'service_account', issuer: 'robot@example.com', privateKey, keyId: 'k7' });
    await request();
    const token = came[0]?.headers['authorization']?.replace(/^Bearer /, '') ?? '';
    const [head = '', claims = '', signature = ''] = token.split('.');
    const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    const iat = Math.floor(test.clock.now() / 1_000);
    expect(read(head)).toEqual({ alg: algorithm, typ: 'JWT', kid: 'k7' });
    expect(read(claims)).toEqual({
      iss: 'robot@example.com',
      sub: 'robot@example.com',
      aud: 'https://depot.example.com/',
      iat,
      exp: iat + 3_600,
      scope: 'read write',
    });
    const key = createPublicKey(pairs[algorithm].publicKey.export({ type: 'spki', format: 'pem' }));
    const how = algorithm === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' as const } : key;
    expect(
      verify(algorithm === 'EdDSA' ? null : 'sha256', Buffer.from(`${head}.${claims}`), how, Buffer.from(signature, 'base64url')),
    ).toBe(true);
  });

  it('is exchanged for a token once, which no answer shows', async () => {
    handler = ({ path: at, headers }) =>
      at === '/token'
        ? { json: { access_token: 'granted-token-1', token_type: 'Bearer', expires_in: 3_600 } }
        : { json: { echo: headers['authorization'] ?? null } };
    const auth: AuthMethod = { type: 'service_account', algorithm: 'EdDSA', audience: 'depot', tokenUrl: `${provider.origin}/token` };
    const { request } = await connect(auth, { type: 'service_account', issuer: 'robot@example.com', privateKey: pemOf('EdDSA') });
    const answers = await Promise.all([request(), request()]);
    expect(came.map((each) => each.path).toSorted()).toEqual(['/token', '/v1/items', '/v1/items']);
    expect(new URLSearchParams(came[0]?.body).get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(came.filter((each) => each.path !== '/token').map(({ headers }) => headers['authorization'])).toEqual(
      Array(2).fill('Bearer granted-token-1'),
    );
    for (const { body } of answers) expect(Buffer.from(body).toString()).toBe('{"echo":"Bearer [withheld]"}');
  });

  it.each(['RS256', 'ES256'] as const)('is refused before it is stored with a key that does not sign by %s', async (algorithm) => {
    const auth: AuthMethod = { type: 'service_account', algorithm, audience: 'depot', tokenUrl: `${provider.origin}/token` };
    const put = connect(auth, { type: 'service_account', issuer: 'robot@example.com', privateKey: pemOf('EdDSA') });
    await expect(put).rejects.toMatchObject({ code: 'credential_missing', message: expect.stringContaining(algorithm) });
  });

  it('sends nothing where the token service refuses, and has ended', async () => {
    handler = () => ({ status: 400, json: { error: 'invalid_grant' } });
    const auth: AuthMethod = { type: 'service_account', algorithm: 'EdDSA', audience: 'depot', tokenUrl: `${provider.origin}/token` };
    const { acme, request } = await connect(auth, { type: 'service_account', issuer: 'robot@example.com', privateKey: pemOf('EdDSA') });
    await expect(request()).rejects.toMatchObject({ code: 'credential_missing', sent: 'no' });
    expect(await acme.connections.get('main')).toMatchObject({ status: 'token_invalid', statusReason: 'refused' });
    expect(came.map((each) => each.path)).toEqual(['/token']);
  });
});
