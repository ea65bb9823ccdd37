import { createHmac, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { type Connector, createHub, defineAction, defineConnector, hmacSha256, localKeys, path, signatures } from '@patchbay/core';
import { createTestHub, type FakeProvider, type ProviderRequest, startFakeProvider } from '@patchbay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { secretsIn, writingsOf } from '../gateway/secret-writings.ts';
import { dumpStorage } from '../tenancy/dump-storage.ts';
import { seededKinds, webhookSecrets } from './seeded-secrets.ts';

const statuses = [200, 201, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503];
const key = randomBytes(32).toString('base64');

let provider: FakeProvider;
let came = 0;
/** What the service was sent of credentials: the test would find nothing where nothing was sent. */
let sent: string[];

beforeEach(async () => {
  came = 0;
  sent = [];
  provider = await startFakeProvider({ handler: echo });
});
afterEach(() => provider.close());

/** A service that says all that it was sent, in six encodings, with every status. */
function echo({ headers, target, body }: ProviderRequest) {
  came += 1;
  // The worst of tokens: the secret itself.
  const clientSecret = target === '/token' ? new URLSearchParams(body).get('client_secret') : null;
  if (clientSecret !== null) return { json: { access_token: clientSecret, token_type: 'bearer', said: writingsOf(clientSecret) } };
  const parts = ['authorization', 'cookie', 'x-api-key', 'x-app', 'x-secret', 'x-amz-security-token'].flatMap(
    (name) => headers[name] ?? [],
  );
  sent.push(...parts, decodeURIComponent(target));
  const said = [...parts, target].flatMap(writingsOf);
  const short = said.filter((text) => /^[\x20-\x7e]{1,300}$/.test(text)).slice(0, 20);
  return {
    status: statuses[came % statuses.length] ?? 200,
    headers: Object.fromEntries(short.map((text, index) => [`x-echo-${index}`, text])),
    json: { said },
  };
}

const bearer = signatures.headerToken({ header: 'authorization', prefix: 'Bearer ' });
const scheme = hmacSha256({ header: 'x-signature' });

function connectorOf(id: string, auth: (typeof seededKinds)[number]['auth']): Connector {
  const action = (title: string, idempotency: 'read' | 'unsafe') =>
    defineAction({
      title,
      description: title,
      idempotency,
      input: z.strictObject({}),
      output: z.json(),
      run: ({ http }) => http.post(path`/things`, { json: {}, response: z.json() }),
    });
  return defineConnector({
    id,
    name: id,
    description: 'Says all that it is sent.',
    version: '1.0.0',
    category: 'custom',
    auth: [typeof auth === 'function' ? auth(provider.origin) : auth],
    origin: provider.origin,
    configuration: z.strictObject({ size: z.number().optional() }),
    flags: { quiet: { description: 'Says less.' } },
    actions: { look: action('Look', 'read'), make: action('Make', 'unsafe') },
    triggers: {
      said: { title: 'Said', description: 'Said.', kind: 'custom', delivery: 'webhook', payload: z.json() },
    },
    webhook: { scheme, deliveryId: 'x-delivery', toEvents: ({ body }) => [{ trigger: 'said' as const, data: body }] },
    mapError: ({ status, body, headers }) => ({
      code: 'provider_rejected',
      message: `The service said ${JSON.stringify(body)} ${JSON.stringify(headers)}`,
      providerCode: JSON.stringify(body).slice(0, 200),
      retryable: status >= 429,
    }),
    healthCheck: async ({ http }) => ({ healthy: true, message: JSON.stringify(await http.get(path`/me`, { response: z.json() })) }),
  });
}

/** Every way in which somebody could look at a value. */
function shown(value: unknown): string {
  const error = value instanceof Error ? `${value.stack}\n${inspect(value.cause, { depth: 10 })}` : '';
  return `${inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null })}\n${JSON.stringify(value)}\n${error}`;
}

it('200 seeded secrets are in no log line, error, notice, event, history row, configuration row or answer, in six encodings', async () => {
  const sinks: string[] = [];
  const see = (value: unknown): void => {
    sinks.push(shown(value));
  };
  const log = (message: string, fields?: unknown): void => see([message, fields]);
  const logger = { debug: log, info: log, warn: log, error: log };
  const connectors = seededKinds.map(({ id, auth }) => connectorOf(id, auth));
  const keys = localKeys({ active: 'k', keys: { k: key } });
  const test = createTestHub({ connectors, logger, keys, retry: { maximumAttempts: 2 } });
  const attempt = async (call: () => Promise<unknown>): Promise<void> => see(await call().catch((error: unknown) => error));
  const acme = test.tenant('acme');
  const published = await acme.events.publish('host.begun' as never, {} as never).catch((error: unknown) => error);
  see(published);

  for (const { id, connections } of seededKinds) {
    for (const [index, { credential }] of connections.entries()) {
      const name = `${id}/${id}-${index}`;
      await attempt(() => acme.connections.put(`${id}-${index}`, { connector: id, credential }));
      // Half of them meet a service that breaks off, or that is no service.
      if (index % 4 === 1) provider.failNext(1, { kind: 'reset', when: 'after_reading' });
      if (index % 4 === 3) provider.failNext(1, { kind: 'malformed' });
      await attempt(async () => {
        const { headers, body } = await acme.request(name, { method: 'GET', path: path`/things` });
        return [headers, Buffer.from(body).toString('utf8'), Buffer.from(body).toString('latin1')];
      });
      await attempt(() => acme.connections.test(name));
      for (const action of ['look', 'make']) await attempt(() => acme.actions.execute(`${id}.${action}`, { connection: name, input: {} }));
      await attempt(() => acme.connections.update(name, { owner: 'ada' }));
      // What a person gets wrong must not be repeated either.
      await attempt(() =>
        acme.connections.put(`${id}-${index}`, { connector: id, credential: { ...credential, type: 'mutual_tls' } as never }),
      );
      const misplaced = JSON.stringify(credential);
      for (const values of [{ size: misplaced }, { [misplaced]: 1 }]) await attempt(() => acme.configuration.put(id, values));
      await attempt(() => acme.flags.set(id, { [misplaced]: true }));
      await attempt(() => acme.connections.put(`wrong-${index}`, { connector: id, credential: { ...credential, more: 1 } as never }));
    }
  }
  for (const [index, secret] of webhookSecrets.entries()) {
    const { url } = await acme.webhooks.register({ connection: `bearer/bearer-${index}`, secret });
    const body = JSON.stringify({ number: index });
    const refused = await test.deliver(url, { body, headers: { 'x-signature': 'f'.repeat(64), 'x-delivery': `d${index}` } });
    see([refused.status, await refused.text(), [...refused.headers]]);
    await attempt(() => acme.webhooks.register({ connection: `bearer/bearer-${index}`, trigger: 'nothing', secret }));
    // What is verified and cannot be read is kept with its headers; what a receiver reads are they, too.
    const signature = createHmac('sha256', secret).update('{').digest('hex');
    const kept = { authorization: secret, 'x-api-key': secret, 'x-token': secret, 'x-delivery': `kept-${index}`, 'x-signature': signature };
    see((await test.deliver(url, { body: '{', headers: kept })).status);
    const receiver = { scheme: bearer, secret, deliveryId: 'body', data: { cel: 'headers' } } as const;
    const { url: hook } = await acme.receivers.put(`shop-${index}`, receiver);
    for (const sent of ['{', '{}']) see((await test.deliver(hook, { body: sent, headers: { authorization: `Bearer ${secret}` } })).status);
    await attempt(() => acme.receivers.put(`shop-${index}`, { ...receiver, scheme: { ...bearer, kind: 'none' } as never }));
  }
  await acme.automations.put('answer', {
    trigger: { manual: true },
    steps: [{ id: 'make', action: 'basic.make', connection: 'basic-0', input: {} }],
  });
  await attempt(() => acme.automations.run('answer'));
  await test.settled();
  await attempt(() => acme.connections.disconnect('bearer/bearer-0'));
  // Another hub over the same store, whose keys open nothing.
  const stranger = createHub({
    connectors,
    storage: test.storage,
    keys: localKeys({ active: 'k', keys: { k: randomBytes(32).toString('base64') } }),
    publicUrl: 'https://host.example.com',
    dangerouslyAllowPrivateNetworks: true,
    logger,
    clock: test.clock,
  });
  await attempt(() => stranger.tenant('acme').request('basic/basic-1', { method: 'GET', path: path`/things` }));
  for (const list of [
    acme.connections.list,
    acme.automations.list,
    acme.events.list,
    acme.runs.list,
    acme.dispatches.list,
    acme.webhooks.list,
    acme.webhooks.kept.list,
    acme.receivers.list,
  ])
    see(await list());
  for (const { id } of (await acme.dispatches.list({ limit: 500 })).items) see(await acme.dispatches.get(id));
  const { items } = await acme.webhooks.kept.list();
  expect(items).toHaveLength(webhookSecrets.length * 2);
  for (const { id } of items) see(await acme.webhooks.kept.get(id));
  see(test.notices);
  sinks.push(await dumpStorage(test.storage, ['acme']));
  await stranger.stop();
  await test.close();

  const secrets = [...seededKinds.flatMap(({ connections }) => connections.flatMap((each) => each.secrets)), ...webhookSecrets];
  expect(new Set(secrets).size).toBe(200);
  const text = sinks.join('\n');
  expect(secretsIn(text, secrets)).toEqual([]);
  // The test sees what it looks for: the service had them, and the sinks hold what became of them.
  const received = sent.join('\n');
  const arrived = secretsIn(received, secrets);
  expect(arrived.length).toBeGreaterThanOrEqual(160);
  expect(text.split('[withheld]').length).toBeGreaterThan(1_000);
  expect(came).toBeGreaterThan(600);
});

it('would find one that is written in any of the six encodings, alone and within other text', () => {
  const [secret = ''] = webhookSecrets;
  for (const writing of writingsOf(secret)) {
    for (const text of [writing, `before ${writing}`, `${writing} after`, writing.repeat(2)])
      expect(secretsIn(text, webhookSecrets), text).toEqual([secret]);
    expect(secretsIn(writing.slice(1, -1).slice(0, secret.length - 6), webhookSecrets), writing).toEqual([]);
  }
});
