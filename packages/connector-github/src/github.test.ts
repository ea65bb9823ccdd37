import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Credential } from '@patchbay/core';
import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { createTestHub, hashCredential, type ProviderRequest, startFakeProvider } from '@patchbay/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { faultsOf } from './__fixtures__/github-openapi.ts';
import { githubStage } from './__fixtures__/github-stage.ts';
import { github } from './github.ts';

describe('github', () => {
  it('has the version of its package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(github().manifest.version).toBe(version);
  });

  it('asks an Enterprise Server under its own path', async () => {
    const provider = await startFakeProvider({ routes: { 'GET /api/v3/user': () => ({ json: { id: 7, login: 'mona' } }) } });
    const connector = github({ origin: provider.origin, basePath: '/api/v3' });
    const harness = createConnectorHarness({
      connector,
      credential: { type: 'bearer', token: 'x' },
      dangerouslyAllowPrivateNetworks: true,
    });
    try {
      expect(await harness.checkHealth()).toEqual({ healthy: true, account: { id: '7', name: 'mona' } });
    } finally {
      await harness.close();
      await provider.close();
    }
  });
});

describe('GraphQL', () => {
  const query = { action: 'graphql_query', input: { query: '{ viewer { login } }' } };

  it.each([
    ['github.com', undefined, '/graphql'],
    ['an Enterprise Server', '/api/v3', '/api/graphql'],
  ])('of %s is where it stands', async (_place, basePath, at) => {
    const provider = await startFakeProvider({ routes: { [`POST ${at}`]: () => ({ json: { data: { viewer: { login: 'mona' } } } }) } });
    const connector = github({ origin: provider.origin, ...(basePath === undefined ? {} : { basePath }) });
    const harness = createConnectorHarness({
      connector,
      credential: { type: 'bearer', token: 'x' },
      dangerouslyAllowPrivateNetworks: true,
    });
    onTestFinished(async () => {
      await harness.close();
      await provider.close();
    });
    expect((await harness.execute(query)).output).toEqual({ data: { viewer: { login: 'mona' } }, errors: [] });
    expect(provider.requests[0]?.headers).toMatchObject({ 'user-agent': 'patchbay', authorization: hashCredential('Bearer x') });
  });

  it('tells what of a query could not be read, and takes a query for no mutation and the other way round', async () => {
    const { provider, harness } = await githubStage();
    const errors = [{ type: 'NOT_FOUND', path: ['repository'], message: 'Could not resolve to a Repository.' }];
    provider.failNext(1, { kind: 'answer', status: 200, body: { data: { viewer: { login: 'mona' }, repository: null }, errors } });
    expect((await harness.execute(query)).output).toMatchObject({ errors: [{ path: ['repository'], code: 'NOT_FOUND' }] });
    const asked = provider.requests.length;
    const mutation = { query: 'mutation { a }' };
    await expect(harness.execute({ action: 'graphql_query', input: mutation })).rejects.toMatchObject({
      code: 'invalid_argument',
      sent: 'no',
    });
    await expect(harness.execute({ ...query, action: 'graphql_mutation' })).rejects.toMatchObject({ code: 'invalid_argument', sent: 'no' });
    expect(provider.requests).toHaveLength(asked);
  });

  it('waits where its limit is spent, although that comes with status 200', async () => {
    const { provider, harness } = await githubStage();
    provider.failNext(1, { kind: 'answer', status: 200, body: { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] } });
    await expect(harness.execute(query)).rejects.toMatchObject({ code: 'rate_limited', retryable: true, sent: 'no' });
  });
});

describe('the id that GitHub gives a request', () => {
  it('stands on results and on errors', async () => {
    const { provider, harness } = await githubStage();
    const call = { action: 'api_read', input: { path: ['user'] } };
    const headers = { 'x-github-request-id': 'ABCD:1234' };
    provider.failNext(1, { kind: 'answer', status: 200, body: {}, headers });
    expect(await harness.execute(call)).toMatchObject({ providerRequestId: 'ABCD:1234' });
    provider.failNext(1, {
      kind: 'answer',
      status: 422,
      body: { message: 'Validation Failed', errors: [{ code: 'already_exists' }] },
      headers,
    });
    await expect(harness.execute(call)).rejects.toMatchObject({
      details: { status: 422, providerCode: 'already_exists', providerRequestId: 'ABCD:1234' },
    });
  });
});

describe('an installation of a GitHub App', () => {
  const privateKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const octocat = { id: 1, login: 'octocat' };

  /** GitHub as its description has it: tokens for installation 4711, and what such a token may read. */
  async function start({
    credential,
    basePath = '',
    owners = [octocat],
  }: {
    credential?: object;
    basePath?: string;
    owners?: (typeof octocat)[];
  } = {}) {
    const asked: ProviderRequest[] = [];
    const provider = await startFakeProvider({
      routes: {
        [`POST ${basePath}/app/installations/4711/access_tokens`]: (request) => {
          asked.push(request);
          const expires_at = new Date(test.clock.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
          return { status: 201, json: { token: 'ghs_1', expires_at, permissions: { issues: 'write' }, repository_selection: 'selected' } };
        },
        [`GET ${basePath}/user`]: () => ({ status: 403, json: { message: 'Resource not accessible by integration' } }),
        [`GET ${basePath}/installation/repositories`]: (request) => {
          asked.push(request);
          if (request.headers['authorization'] !== 'Bearer ghs_1') return { status: 401, json: { message: 'Bad credentials' } };
          return { json: { total_count: owners.length, repositories: owners.map((owner) => ({ id: 7, owner })) } };
        },
      },
    });
    const connector = github({ origin: provider.origin, ...(basePath === '' ? {} : { basePath }) });
    const test = createTestHub({ connectors: [connector], apps: { github: { oauth: { clientId: 'Iv23lioctocat', privateKey } } } });
    onTestFinished(async () => {
      await test.close();
      await provider.close();
    });
    const acme = test.tenant('acme');
    const given: Credential = { type: 'app_installation', installation: '4711', ...credential };
    await acme.connections.put('main', { connector: 'github', credential: given });
    return { test, acme, asked, basePath };
  }

  it('gets its token as GitHub describes it, with the app’s assertion and GitHub’s own headers', async () => {
    const { test, acme, asked } = await start();
    const now = Math.floor(test.clock.now() / 1_000);
    expect(await acme.connections.test('main')).toMatchObject({ healthy: true, account: { id: '1', name: 'octocat' } });
    expect(asked.map(({ method, target, body }) => faultsOf({ method, path: target, body }))).toEqual([[], []]);
    const headers: ProviderRequest['headers'] = asked[0]?.headers ?? {};
    expect(headers).toMatchObject({
      accept: 'application/vnd.github+json',
      'user-agent': 'patchbay',
      'x-github-api-version': '2022-11-28',
    });
    const [header = '', claims = ''] = headers['authorization']?.replace(/^Bearer /, '').split('.') ?? [];
    const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(read(header)).toEqual({ alg: 'RS256', typ: 'JWT' });
    // At most ten minutes ahead of GitHub's clock, and not in its future where ours is up to a minute ahead.
    expect(read(claims)).toEqual({ iat: now - 60, exp: now + 540, iss: 'Iv23lioctocat' });
  });

  it('uses a token for the hour that GitHub gives it', async () => {
    const { test, acme, asked } = await start();
    const tokens = () => asked.filter(({ method }) => method === 'POST').length;
    await acme.connections.test('main');
    await test.clock.advance(3_000_000);
    await acme.connections.test('main');
    expect(tokens()).toBe(1);
    await test.clock.advance(600_000);
    await acme.connections.test('main');
    expect(tokens()).toBe(2);
  });

  it('may be asked for some repositories and permissions alone', async () => {
    const narrow = { repositories: ['Hello-World'], permissions: { issues: 'write', metadata: 'read' } };
    const { acme, asked } = await start({ credential: { narrow } });
    await acme.connections.test('main');
    const [request] = asked;
    expect([request?.json, request && faultsOf({ method: 'POST', path: request.target, body: request.body })]).toEqual([narrow, []]);
  });

  it('is asked for at an Enterprise Server under its own path', async () => {
    const { acme } = await start({ basePath: '/api/v3' });
    expect(await acme.connections.test('main')).toMatchObject({ healthy: true });
  });

  it('that reaches nothing yet works, and names no account', async () => {
    const { acme } = await start({ owners: [] });
    expect(await acme.connections.test('main')).toMatchObject({ healthy: true, account: null });
  });

  it('is no cover for a token that may not read its user', async () => {
    const provider = await startFakeProvider({
      routes: { 'GET /user': () => ({ status: 403, json: { message: 'Forbidden' } }) },
      handler: () => ({ status: 404, json: {} }),
    });
    const connector = github({ origin: provider.origin });
    const harness = createConnectorHarness({
      connector,
      credential: { type: 'bearer', token: 'x' },
      dangerouslyAllowPrivateNetworks: true,
    });
    onTestFinished(async () => {
      await harness.close();
      await provider.close();
    });
    await expect(harness.checkHealth()).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
