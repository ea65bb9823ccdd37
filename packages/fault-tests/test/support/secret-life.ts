import { inspect } from 'node:util';
import { createHub, type Hub, localKeys, path } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { signWebhook } from '@patchbay/testing';
import { secretNumber } from '../../../core-tests/test/canary/seeded-secrets.ts';
import { dumpStorage } from '../../../core-tests/test/tenancy/dump-storage.ts';
import { hubKeys, publicUrl } from './hub-settings.ts';
import { leakyConnectors, leakyScheme, startLeakyService } from './leaky-service.ts';

const secretsFrom = (first: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => secretNumber(1_000 + first + index));

const tokens = secretsFrom(0, 40);
const access = secretsFrom(40, 30);
const refresh = secretsFrom(70, 30);
const renewed = secretsFrom(100, 30);
const clientSecrets = secretsFrom(130, 10);
const codes = secretsFrom(140, 10);
const named = secretsFrom(150, 30);
const webhooks = secretsFrom(180, 20);

/** 200 secrets of every kind that a hub keeps or passes on. */
export const lifeSecrets: readonly string[] = [
  ...tokens,
  ...access,
  ...refresh,
  ...renewed,
  ...clientSecrets,
  ...codes,
  ...named,
  ...webhooks,
];

/** What a life has left behind. */
export interface SecretLife {
  /** Everything that somebody could have seen: answers, errors, lines of the log, notices, lists, exports, rows. */
  readonly sinks: readonly string[];
  /** What was made on the way and is as secret: states and verifiers of flows. */
  readonly made: readonly string[];
  /** What the service was shown. */
  readonly seen: readonly string[];
}

/** Every way in which somebody could look at a value. */
function shown(value: unknown): string {
  const error = value instanceof Error ? `${value.stack}\n${inspect(value.cause, { depth: 10 })}` : '';
  return `${inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null })}\n${JSON.stringify(value)}\n${error}`;
}

const tenantOf = (index: number): string => (index < 10 ? `app-${index}` : 'acme');
const tenants = ['acme', ...clientSecrets.map((_, index) => tenantOf(index))];

interface Life {
  readonly hub: Hub;
  readonly see: (value: unknown) => void;
  readonly attempt: <Result>(call: () => Promise<Result>) => Promise<Result | undefined>;
  readonly states: string[];
}

async function connectPlain({ hub, attempt }: Life): Promise<void> {
  const acme = hub.tenant('acme');
  for (const [index, token] of tokens.entries()) {
    const name = `plain/p-${index}`;
    await attempt(() => acme.connections.put(`p-${index}`, { connector: 'plain', credential: { type: 'bearer', token } }));
    await attempt(() =>
      acme.request(name, { method: 'GET', path: path`/things` }).then(({ headers, body }) => [headers, Buffer.from(body).toString()]),
    );
    await attempt(() => acme.connections.test(name));
    for (const action of ['look', 'make'] as const)
      await attempt(() => acme.actions.execute(`plain.${action}`, { connection: name, input: {} }));
    const value = named[index];
    if (value !== undefined) await attempt(() => acme.vault.put({ connection: name, key: 'signing', value }));
    if (value !== undefined) await attempt(() => acme.vault.use({ connection: name, key: 'signing', purpose: 'sign' }));
  }
}

async function connectGranted({ hub, attempt, states, see }: Life): Promise<void> {
  for (const [index, clientSecret] of clientSecrets.entries())
    await attempt(() => hub.tenant(tenantOf(index)).oauth.putApp({ connector: 'granted', clientId: `client-${index}`, clientSecret }));
  for (const index of access.keys()) {
    const tenant = hub.tenant(tenantOf(index));
    const name = `g-${index}`;
    const { url } = await tenant.oauth.beginConnect({ connector: 'granted', name, hostUser: 'user-1', returnTo: '/settings' });
    const begun = new URL(url).searchParams;
    const state = begun.get('state') ?? '';
    states.push(state);
    const query = new URLSearchParams({ state, code: codes[index] ?? `code-${index}` });
    const back = await hub.handler(new Request(`${begun.get('redirect_uri')}?${query}`));
    const location = back.headers.get('location') ?? '';
    see([back.status, [...back.headers], await back.text()]);
    const flowId = new URL(location, publicUrl).searchParams.get('flow') ?? '';
    await attempt(() => tenant.oauth.completeConnect({ flowId, hostUser: 'user-1' }));
    // Used twice: the service refuses the first access token, and the hub renews it.
    for (let time = 0; time < 2; time += 1)
      await attempt(() =>
        tenant
          .request(`granted/${name}`, { method: 'GET', path: path`/things` })
          .then(({ headers, body }) => [headers, Buffer.from(body).toString()]),
      );
    await attempt(() => tenant.actions.execute('granted.make', { connection: `granted/${name}`, input: {} }));
    // One that is wrong, begun again and left.
    await attempt(() => tenant.oauth.completeConnect({ flowId: 'nothing', hostUser: 'user-1' }));
  }
}

async function deliver({ hub, attempt, see }: Life): Promise<void> {
  const acme = hub.tenant('acme');
  for (const [index, secret] of webhooks.entries()) {
    const registered = await attempt(() => acme.webhooks.register({ connection: `plain/p-${index}`, secret }));
    const body = JSON.stringify({ number: index });
    const good = { ...signWebhook(leakyScheme, { secret, body }), 'x-delivery': `d-${index}`, 'content-type': 'application/json' };
    const secretly = { authorization: `Bearer ${tokens[index]}`, cookie: `session=${named[index]}`, 'x-secret': secret };
    for (const headers of [
      { ...good, ...secretly },
      { ...good, ...secretly, 'x-signature': 'f'.repeat(64) },
    ]) {
      const answer = await hub.handler(new Request(registered?.url ?? publicUrl, { method: 'POST', body, headers }));
      see([answer.status, await answer.text(), [...answer.headers]]);
    }
  }
}

async function operate({ hub, attempt }: Life): Promise<void> {
  const operator = hub.operator({ actor: 'grace', reason: 'canary' });
  await attempt(() => operator.tenants.list());
  await attempt(() => operator.tenants.health());
  await attempt(() => operator.tenants.counts());
  await attempt(() => operator.tenants.deadLetters({ limit: 500 }));
  await attempt(() => operator.tenants.retryMany({ idempotencyKey: 'canary' }));
  await attempt(() => operator.tenants.replayMany({ idempotencyKey: 'canary', all: true }));
  await attempt(() => operator.tenant('acme').deadLetters({ limit: 500 }));
  await hub.work();
  await attempt(() => operator.tenants.disconnectAll({ connector: 'granted' }));
  await hub.work();
}

async function look({ hub, see }: Life): Promise<void> {
  for (const name of tenants) {
    const tenant = hub.tenant(name);
    const page = { limit: 500 };
    see([await tenant.connections.list(), await tenant.automations.list(), await tenant.webhooks.list(), await tenant.oauth.listApps()]);
    see([await tenant.events.list(page), await tenant.runs.list(page), await tenant.audit.list(page), await tenant.audit.verify()]);
    const { items } = await tenant.dispatches.list(page);
    for (const { id } of items) see(await tenant.dispatches.get(id));
    see(await tenant.dispatches.list({ ...page, status: 'dead' }));
    for await (const record of tenant.audit.export()) see(record);
  }
}

/** Lives a life with secrets over a storage: connects, calls, renews, delivers, fails, is looked after, ends. `dump`: all rows as they are stored. */
export async function liveWithSecrets(storage: Storage<unknown>, dump: () => Promise<string>): Promise<SecretLife> {
  const sinks: string[] = [];
  const see = (value: unknown): void => void sinks.push(shown(value));
  const log = (message: string, fields?: unknown): void => see([message, fields]);
  const states: string[] = [];
  const indexOf = (list: readonly string[], text: string): number => list.indexOf(text);
  const service = await startLeakyService({
    first(code) {
      const plain = /^code-(\d+)$/.exec(code)?.[1];
      const index = plain === undefined ? indexOf(codes, code) : Number(plain);
      // The last one is refused, with all that was sent in the answer.
      return index < 0 || index === 29 ? undefined : { access: access[index] ?? '', refresh: refresh[index] ?? '' };
    },
    renewed: (token) => renewed[indexOf(refresh, token)],
    refused: new Set(access),
  });
  const hub: Hub = createHub({
    connectors: leakyConnectors(service.origin),
    storage,
    keys: localKeys(hubKeys),
    publicUrl: 'https://host.example.com/hub',
    loopbackOnly: true,
    logger: { debug: log, info: log, warn: log, error: log },
    retry: { maximumAttempts: 1 },
    apps: { granted: { oauth: { clientId: 'client', clientSecret: 'a-secret-of-the-hub' } } },
    audit: { checkpoints: { sink: async (checkpoint) => see(checkpoint), everyMs: 1 } },
  });
  for (const notice of [
    'connection.connected',
    'connection.status_changed',
    'connection.disconnected',
    'webhook.failed',
    'action.executed',
    'dispatch.dead',
  ] as const)
    hub.on(notice, see);
  const attempt: Life['attempt'] = async (call) => {
    try {
      const answer = await call();
      see(answer);
      return answer;
    } catch (error) {
      see(error);
      return undefined;
    }
  };
  const life: Life = { hub, see, attempt, states };
  try {
    await hub.ready();
    await connectPlain(life);
    await connectGranted(life);
    await deliver(life);
    await hub.work();
    sinks.push(await dump());
    await operate(life);
    await look(life);
    sinks.push(await dumpStorage({ ...storage, ingest: (items) => storage.ingest(items) }, tenants), await dump());
  } finally {
    await hub.stop();
    await service.close();
  }
  return { sinks, made: [...states, ...service.verifiers], seen: service.seen };
}
