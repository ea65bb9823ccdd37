import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { type AuthMethod, type Credential, type HubOptions, type ProviderFault, path } from '@patchbay/core';
import { createTestHub, type FakeProvider, type ProviderHandler, type ProviderRequest, startFakeProvider } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { depotConnector } from './depot-connector.ts';
import { formsOf, writingsOf } from './secret-writings.ts';

const canary = 'CANARY/7f3a+b=9 "é\\zz';
// What goes into a header is ASCII.
const plain = 'CANARY/7f3a+b=9_zz~1234';

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const account: Credential = { type: 'service_account', issuer: 'robot@example.com', privateKey: pem };

const kinds: readonly [string, AuthMethod, Credential, readonly string[]][] = [
  ['bearer', { type: 'bearer' }, { type: 'bearer', token: plain }, [plain]],
  [
    'basic',
    { type: 'basic' },
    { type: 'basic', username: 'me@example.com', password: canary },
    [canary, Buffer.from(`me@example.com:${canary}`).toString('base64')],
  ],
  ['a key in a header', { type: 'api_key', in: 'header', name: 'X-Api-Key' }, { type: 'api_key', key: plain }, [plain]],
  ['a key in a cookie', { type: 'api_key', in: 'cookie', name: 'session' }, { type: 'api_key', key: plain }, [plain]],
  [
    'several headers',
    { type: 'headers', names: ['X-App-Id', 'X-Api-Key'] },
    { type: 'headers', values: { 'X-App-Id': 'app-123456', 'X-Api-Key': plain } },
    [plain, 'app-123456'],
  ],
  ['a service account', { type: 'service_account', algorithm: 'EdDSA', audience: 'depot' }, account, [pem, pem.split('\n')[1] ?? '']],
  [
    'a signature',
    { type: 'signature', signer: 'aws-sigv4', options: { region: 'eu-west-1', service: 'depot' } },
    { type: 'signature', fields: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: plain, sessionToken: `session-${plain}` } },
    [plain],
  ],
  ['a key in the query', { type: 'api_key', in: 'query', name: 'api_key' }, { type: 'api_key', key: plain }, [plain]],
];

let provider: FakeProvider;
let handler: ProviderHandler;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  provider = await startFakeProvider({ handler: (request) => handler(request) });
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await provider.close();
});

/** All that a service could say of the credential it was sent, in every form. */
function echoOf(request: ProviderRequest, secrets: readonly string[]): Record<string, string> {
  const { authorization, cookie } = request.headers;
  const sent = [
    authorization,
    cookie,
    request.headers['x-api-key'],
    request.headers['x-amz-security-token'],
    request.target,
    ...secrets,
  ].filter((each) => each !== undefined);
  const said = sent.flatMap(writingsOf);
  return Object.fromEntries(said.map((each, index) => [`echo-${index}`, each]));
}

const numbered = (text: string): string => [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

async function setUp(auth: AuthMethod, credential: Credential) {
  const lines: unknown[] = [];
  const log = (message: string, fields?: unknown) => lines.push([message, fields]);
  const logger: NonNullable<HubOptions<[], Record<never, never>>['logger']> = { debug: log, info: log, warn: log, error: log };
  const response = z.json();
  const connector = depotConnector({
    origin: provider.origin,
    auth: [auth],
    run: ({ http, input }) => http.post(path`/items/${'x'}`, { json: { input }, query: { q: 'a' }, response }),
    changes: {
      requestIdHeader: 'x-request-id',
      // As connectors do: what the service says goes into the message.
      mapError: ({ status, body, headers }): ProviderFault | undefined =>
        status < 400
          ? undefined
          : {
              code: 'provider_rejected',
              message: `The service said ${JSON.stringify(body)} ${JSON.stringify(headers)}`,
              providerCode: JSON.stringify(body).slice(0, 90),
              retryable: false,
            },
    },
  });
  const test = createTestHub({ connectors: [connector], logger, retry: { maximumAttempts: 2 } });
  open.push(test);
  const acme = test.tenant('acme');
  await acme.connections.put('main', { connector: 'depot', credential });
  return { test, acme, lines };
}

/** Every way in which somebody could look at a value. */
function shown(value: unknown): string {
  const error = value instanceof Error ? `${value.message}\n${value.stack}\n${String(value.cause)}` : '';
  return `${inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null })}\n${JSON.stringify(value)}\n${error}`;
}

describe.each(kinds)('the credential of kind %s', (_kind, auth, credential, secrets) => {
  const forms = secrets.flatMap(formsOf);
  const expectHidden = (what: string, value: unknown): void => {
    const text = shown(value);
    expect([what, forms.filter((form) => text.includes(form))]).toEqual([what, []]);
  };

  it.each([200, 201, 302, 400, 401, 403, 404, 409, 429, 500, 503])(
    'is in no answer, error, attempt, notice or log line, though the service repeats it everywhere (%d)',
    async (status) => {
      handler = (request) => {
        const echo = echoOf(request, secrets);
        const headers = Object.fromEntries(Object.entries(echo).filter(([, value]) => /^[\x20-\x7e]*$/.test(value)));
        return { status, json: { ...echo, nested: [echo] }, headers: { ...headers, 'x-request-id': Object.values(headers)[0] ?? '' } };
      };
      const { test, acme, lines } = await setUp(auth, credential);
      const answer = await acme.request('main', { method: 'GET', path: path`/items` });
      expectHidden('the answer', [answer.headers, Buffer.from(answer.body).toString('utf8'), Buffer.from(answer.body).toString('latin1')]);
      const calls = [];
      for (const action of ['depot.unsafe', 'depot.read', 'depot.idempotent'] as const)
        calls.push(await acme.actions.execute(action, { connection: 'main', input: { a: 1 } }));
      await test.settled();
      for (const { dispatchId } of calls) expectHidden('the dispatch', await acme.dispatches.get(dispatchId));
      expectHidden('the health check', await acme.connections.test('main'));
      expectHidden('the notices', test.notices);
      expectHidden('the log', lines);
      expect(provider.requests.length).toBeGreaterThanOrEqual(5);
    },
  );

  it.each(['reset', 'malformed', 'huge', 'numbered', 'refused'] as const)(
    'is in no error of a call that fails otherwise (%s)',
    async (how) => {
      handler = (request) => ({ json: echoOf(request, secrets) });
      const { test, acme, lines } = await setUp(auth, credential);
      if (how === 'reset') provider.failNext(9, { kind: 'reset', when: 'after_reading' });
      if (how === 'malformed') provider.failNext(9, { kind: 'malformed' });
      if (how === 'huge') provider.failNext(9, { kind: 'huge_body', bytes: 20_000_000 });
      if (how === 'refused') await provider.close();
      if (how === 'numbered') handler = () => ({ status: 400, json: secrets.map(numbered) });
      const thrown = await acme.request('main', { method: 'GET', path: path`/items` }).catch((error: unknown) => error);
      expectHidden('the error', thrown);
      const call = await acme.actions.execute('depot.unsafe', { connection: 'main', input: {} });
      await test.settled();
      expectHidden('the dispatch', await acme.dispatches.get(call.dispatchId));
      expectHidden('the notices', test.notices);
      expectHidden('the log', lines);
    },
  );
});

it('headers that carry or renew a credential are withheld from the host', async () => {
  handler = () => ({
    headers: {
      'set-cookie': 'session=1',
      'www-authenticate': 'Bearer realm="x"',
      'proxy-authenticate': 'Basic',
      authorization: 'Bearer other',
      'x-kept': 'yes',
    },
    json: {},
  });
  const { acme } = await setUp({ type: 'bearer' }, { type: 'bearer', token: plain });
  const { headers } = await acme.request('main', { method: 'GET', path: path`/items` });
  expect(Object.keys(headers)).toEqual(expect.arrayContaining(['x-kept', 'content-type']));
  for (const name of ['set-cookie', 'www-authenticate', 'proxy-authenticate', 'authorization']) expect(headers).not.toHaveProperty(name);
});
