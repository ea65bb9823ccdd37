import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BellOptions, bellConnector } from './bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, eventsOf, ring, secret, settle } from './bell-stage.ts';

let stage: BellStage;

beforeEach(() => {
  stage = bellStage();
});
afterEach(() => stage.close());

const base = 'https://host.example.com/hub/webhooks/bell';
const refusal = { status: 401, text: 'refused', headers: { 'content-type': 'text/plain; charset=utf-8' } };
const inert = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
};

const dropbox = { kind: 'echo', method: 'GET', parameter: 'challenge' } as const;
const graph = { kind: 'echo', method: 'POST', parameter: 'validationToken' } as const;
const grid = { kind: 'cloudevents', origins: ['EventGrid.azure.net'], ratePerMinute: 120 } as const;

const bell = (challenges: readonly object[], options: BellOptions = {}): BellProcess =>
  stage.process({ connector: bellConnector({ ...options, webhook: { challenges } as object }), appSecrets: secret });

describe('a challenge that comes without a signature', () => {
  it('by GET is sent back as text that nothing runs and nobody keeps', async () => {
    const process = bell([dropbox]);
    const { registration } = await settle(process);
    const answer = await process.send(`${registration.url}?challenge=a-B_9%2F~`, { method: 'GET', headers: {} });
    expect(answer).toEqual({ status: 200, text: 'a-B_9/~', headers: inert });
  });

  it('does not make the store be asked without end, and is answered by a process that has not heard of the registration yet', async () => {
    const { configuration } = stage.storage;
    let asked = 0;
    const revision: typeof configuration.revision = (tenant) => {
      asked += 1;
      return configuration.revision(tenant);
    };
    const storage = { ...stage.storage, configuration: { ...configuration, revision } };
    const process = stage.process({ connector: bellConnector({ webhook: { challenges: [dropbox] } as object }), storage });
    const { registration } = await settle(bell([dropbox]));
    const ask = () => process.send(`${registration.url}?challenge=a`, { method: 'GET', headers: {} });
    expect((await ask()).status).toBe(200);
    for (let times = 0; times < 200; times += 1) await ask();
    expect(asked).toBeLessThan(20);
    const { handle } = await settle(bell([dropbox]), 'acme', 'rung');
    const [newest] = (await handle.webhooks.list()).filter(({ id }) => id !== registration.id);
    expect((await process.send(`${newest?.url}?challenge=a`, { method: 'GET', headers: {} })).status).toBe(200);
    await handle.connections.disconnect('main');
    for (let times = 0; times < 200; times += 1) await ask();
    await stage.clock.advance(1_000);
    expect((await ask()).status).toBe(401);
    expect(asked).toBeLessThan(40);
  });

  it('by POST is sent back decoded, whatever its content type, and its body is not read', async () => {
    const process = bell([graph]);
    const { registration } = await settle(process);
    const token = 'Validation: Testing client application reachability for subscription Request-Id: 6e9ca2b6-0000';
    const sent = { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '<html>' };
    for (const written of [encodeURIComponent(token), token.replaceAll(' ', '+')])
      expect(await process.send(`${registration.url}?validationToken=${written}`, sent)).toEqual({
        status: 200,
        text: token,
        headers: inert,
      });
    expect((await process.send(registration.url, ring())).status).toBe(202);
    expect(await eventsOf(process)).toHaveLength(1);
  });

  it.each([
    '<script>alert(1)</script>',
    '"><img src=x>',
    "'a'",
    '&lt;',
    'a\r\nset-cookie: a=1',
    '\u0000',
    'ü',
    '`',
    '\\',
    '',
    'x'.repeat(1_025),
    '%ff',
  ])('is refused where it is %j, as everything is', async (token) => {
    const process = bell([dropbox, graph]);
    const { registration } = await settle(process);
    const written = token === '%ff' ? token : encodeURIComponent(token);
    expect(await process.send(`${registration.url}?challenge=${written}`, { method: 'GET', headers: {} })).toEqual(refusal);
    expect(await process.send(`${registration.url}?validationToken=${written}`, { headers: {}, body: '' })).toEqual(refusal);
    expect(await process.send(`${registration.url}?challenge=a&challenge=b`, { method: 'GET', headers: {} })).toEqual(refusal);
  });

  it('is refused at a URL that does not receive, so that no service can be set upon it', async () => {
    const process = bell([dropbox]);
    const { handle, registration } = await settle(process);
    const gone = await handle.webhooks.register({ connection: 'main', secret, trigger: 'rung' });
    await handle.webhooks.unregister(gone.id);
    const listed = await handle.webhooks.register({ connection: 'main', secret, trigger: 'muted' });
    await handle.webhooks.allowAddresses(listed.id, ['192.0.2.7']);
    const ask = (url: string, from?: string) =>
      process.send(`${url}?challenge=abc`, { method: 'GET', headers: {}, ...(from === undefined ? {} : { from }) });
    for (const url of [`${base}/${randomUUID()}`, `${base}/x`, base, gone.url, listed.url])
      expect([url, await ask(url)]).toEqual([url, refusal]);
    expect((await ask(listed.url, '192.0.2.7')).status).toBe(200);
    expect((await ask(registration.url)).status).toBe(200);
    await handle.connections.disconnect('main');
    expect(await ask(registration.url)).toEqual(refusal);
    const process2 = bell([dropbox], { accounts: true });
    expect((await process2.send(`${base}?challenge=abc`, { method: 'GET', headers: {} })).text).toBe('abc');
  });

  it('counts as what is unsigned does, answered or not', async () => {
    const rates = { url: { perSecond: 1, burst: 2 } };
    const process = stage.process({ connector: bellConnector({ webhook: { challenges: [dropbox] } }), door: { webhooks: { rates } } });
    const { registration } = await settle(process);
    const statuses = [];
    for (let sent = 0; sent < 3; sent += 1)
      statuses.push((await process.send(`${registration.url}?challenge=abc`, { method: 'GET', headers: {} })).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('is none where the connector declares none, and another method is no delivery', async () => {
    const plain = stage.process();
    const { registration } = await settle(plain);
    const onlyPost = { status: 405, text: 'Only POST.', headers: { allow: 'POST', 'content-type': 'text/plain; charset=utf-8' } };
    expect(await plain.send(`${registration.url}?challenge=abc`, { method: 'GET', headers: {} })).toEqual(onlyPost);
    expect((await plain.send(`${registration.url}?validationToken=abc`, { headers: {}, body: '{}' })).status).toBe(401);
    const process = bell([dropbox, graph, grid]);
    for (const [method, query] of [
      ['GET', ''],
      ['GET', '?validationToken=a'],
      ['OPTIONS', '?challenge=a'],
      ['PUT', '?challenge=a'],
    ] as const)
      expect(await process.send(`${registration.url}${query}`, { method, headers: {} })).toEqual(onlyPost);
    expect(plain.failed.concat(process.failed)).toHaveLength(1);
  });
});

describe('the question of CloudEvents whether somebody may send', () => {
  const ask = (process: BellProcess, url: string, origin: string) =>
    process.send(url, { method: 'OPTIONS', headers: { 'webhook-request-origin': origin, 'webhook-request-rate': '1000' } });

  it('is answered with who may and how often, for those that the connector names', async () => {
    const process = bell([grid]);
    const { registration } = await settle(process);
    const allowed = { 'webhook-allowed-origin': 'EventGrid.azure.net', 'webhook-allowed-rate': '120', allow: 'POST' };
    expect(await ask(process, registration.url, 'eventgrid.azure.net')).toEqual({
      status: 200,
      text: '',
      headers: { ...inert, ...allowed },
    });
    for (const origin of ['evil.example.com', '*', 'null', 'eventgrid.azure.net.example.com', 'eventgrid.azure.net, evil.example.com'])
      expect(await ask(process, registration.url, origin)).toEqual(refusal);
    expect(await ask(process, `${base}/${randomUUID()}`, 'eventgrid.azure.net')).toEqual(refusal);
  });
});

describe('a secret that the service makes up', () => {
  const token = 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl';
  const offering = () => stage.process({ connector: bellConnector({ webhook: { offeredSecret: { bodyField: 'verification_token' } } }) });
  const offer = (given: string, by = given) => ring({ body: { verification_token: given }, secret: by });

  it('is kept for the tenant alone, verifies nothing until it is registered, and everything from then on', async () => {
    const process = offering();
    const { handle, registration } = await settle(process);
    expect(await handle.webhooks.offeredSecret(registration.id)).toBeNull();
    expect((await process.send(registration.url, offer(token))).status).toBe(202);
    expect((await process.send(registration.url, offer(token))).status).toBe(202);
    expect((await process.send(registration.url, ring({ secret: token }))).status).toBe(401);
    expect(await eventsOf(process)).toEqual([]);
    expect(await handle.webhooks.offeredSecret(registration.id)).toBe(token);
    const row = await stage.storage.configuration.get('acme', 'registration', registration.id);
    expect(JSON.stringify(row)).not.toContain(token);
    await handle.webhooks.register({ connection: 'main', secret: token });
    expect((await process.send(registration.url, ring({ secret: token }))).status).toBe(202);
    expect(await eventsOf(process)).toHaveLength(1);
    expect(await handle.webhooks.offeredSecret(registration.id)).toBeNull();
  });

  it('is the first that comes, and refused as everything is where it did not sign itself or nobody waits for it', async () => {
    const process = offering();
    const { handle, registration } = await settle(process);
    const plain = stage.process();
    const refused: readonly [BellProcess, string, ReturnType<typeof ring>][] = [
      [process, registration.url, offer(token, 'another-secret')],
      [process, registration.url, offer('short')],
      [process, registration.url, offer(`${token} `)],
      [process, registration.url, ring({ body: { verification_token: token, more: 'x'.repeat(4_096) }, secret: token })],
      [process, registration.url, ring({ body: { nested: { verification_token: token } }, secret: token })],
      [process, `${base}/${randomUUID()}`, offer(token)],
      [plain, registration.url, offer(token)],
    ];
    for (const [own, url, request] of refused) expect(await own.send(url, request)).toEqual(refusal);
    expect(await handle.webhooks.offeredSecret(registration.id)).toBeNull();
    expect((await process.send(registration.url, offer(token))).status).toBe(202);
    expect(await process.send(registration.url, offer(`${token}-planted`))).toEqual(refusal);
    expect(await handle.webhooks.offeredSecret(registration.id)).toBe(token);
    expect((await process.send(registration.url, ring())).status).toBe(202);
  });
});

it('a signed delivery that asks for a request is none that becomes events, and asks for one to its service alone', async () => {
  const confirmation = { field: 'Type', equals: 'SubscriptionConfirmation', urlField: 'SubscribeURL', hosts: ['sns.*.amazonaws.com'] };
  const process = stage.process({ connector: bellConnector({ webhook: { confirmation } }) });
  const { registration } = await settle(process);
  const body = { tone: 'c', Type: 'SubscriptionConfirmation', SubscribeURL: 'https://evil.example.com/' };
  expect((await process.send(registration.url, ring({ body, secret: 'another-secret' }))).status).toBe(401);
  expect((await process.send(registration.url, ring({ body }))).status).toBe(202);
  expect(process.failed.map(({ error }) => error.code)).toEqual(['signature_refused', 'body_invalid']);
  expect((await process.send(registration.url, ring({ body: { ...body, Type: 'Notification' } }))).status).toBe(202);
  expect(await eventsOf(process)).toHaveLength(1);
});

it.each([
  [{ kind: 'echo', method: 'PUT', parameter: 'a' }],
  [{ kind: 'echo', method: 'GET', parameter: '' }],
  [{ kind: 'echo', method: 'GET' }],
  [{ kind: 'cloudevents', origins: [] }],
  [{ kind: 'cloudevents', origins: ['*'] }],
  [{ kind: 'cloudevents', origins: ['a.example.com'], ratePerMinute: 0 }],
  [{ kind: 'redirect' }],
])('a connector that declares %j does not load', (challenge) => {
  expect(() => bell([challenge])).toThrow(expect.objectContaining({ code: 'connector_invalid' }));
});
