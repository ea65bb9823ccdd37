import { randomBytes } from 'node:crypto';
import { type Connector, createHub, defineConnector, type Hub, hmacSha256, localKeys, type Notices } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, fakeClock } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

const key = randomBytes(32).toString('base64');
const bearer = (token: string) => ({ type: 'bearer' as const, token });
const token = 'tok-1234567890';

const shop = (id: string, settings = false): Connector =>
  defineConnector({
    id,
    name: id,
    description: 'Sells.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'bearer' }, { type: 'api_key', in: 'header', name: 'x-key' }],
    origin: settings ? 'https://{site}.example.com' : 'https://shop.example.com',
    ...(settings ? { settings: z.strictObject({ site: z.string().regex(/^[a-z]+$/) }) } : {}),
    actions: {},
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });

let clock: FakeClock;
let storage: Storage<never>;
const hubs: Hub[] = [];

beforeEach(() => {
  clock = fakeClock();
  storage = memoryStorage({ clock });
});
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.stop();
  await storage.close();
});

function process(own: Storage<never> = storage) {
  const hub = createHub({
    connectors: [shop('shop'), shop('mall'), shop('site', true), defineConnector({ ...shop('till').definition, category: 'erp' })],
    storage: own,
    clock,
    keys: localKeys({ active: 'k1', keys: { k1: key } }),
    publicUrl: 'https://host.example.com',
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  hubs.push(hub);
  const connected: Notices['connection.connected'][] = [];
  const disconnected: Notices['connection.disconnected'][] = [];
  hub.on('connection.connected', (notice) => connected.push(notice));
  hub.on('connection.disconnected', (notice) => disconnected.push(notice));
  return { hub, acme: hub.tenant('acme'), connected, disconnected };
}

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
const revision = async (): Promise<number> => (await storage.configuration.revision('acme')).tenant;
const gates = async (): Promise<readonly string[]> => (await storage.gates.list('acme')).map(({ reason }) => reason);

describe('putting a connection', () => {
  it('with the same content changes nothing and says nothing', async () => {
    const { acme, connected } = process();
    const input = { connector: 'shop', credential: bearer(token), owner: 'u1', metadata: { a: 1, b: { c: [1] } } };
    const made = await acme.connections.put('main', input);
    const before = await revision();
    await clock.advance(1_000);
    expect(await acme.connections.put('main', { ...input, metadata: { b: { c: [1] }, a: 1 } })).toEqual(made);
    expect(await process().acme.connections.put('main', input)).toEqual(made);
    expect(await revision()).toBe(before);
    expect(connected).toHaveLength(1);
  });

  it('with other content brings it up to date under the same id', async () => {
    const { acme } = process();
    const made = await acme.connections.put('main', { connector: 'shop', credential: bearer(token), owner: 'u1' });
    for (const change of [
      { credential: bearer('tok-other') },
      { credential: { type: 'api_key' as const, key: token } },
      { metadata: { a: 2 } },
      { owner: 'u2' },
      { externalAccount: { id: 'A1', name: 'One' } },
    ]) {
      const before = await revision();
      const changed = await acme.connections.put('main', { connector: 'shop', credential: bearer(token), ...change });
      expect([changed.id, changed.connectedAt]).toEqual([made.id, made.connectedAt]);
      expect(await revision()).toBeGreaterThan(before);
    }
    expect(await acme.connections.list()).toHaveLength(1);
  });

  it('is told with the account that it is, where that is known', async () => {
    const { acme, connected } = process();
    const input = { connector: 'shop', credential: bearer(token) };
    const { id } = await acme.connections.put('main', input);
    await clock.advance(5_000);
    await acme.connections.put('main', { ...input, externalAccount: { id: 'A1', name: 'One' } });
    const same = { tenant: 'acme', connectionId: id, connectorId: 'shop' };
    const at = clock.now();
    expect(connected).toEqual([
      { ...same, externalAccountId: null, at: at - 5_000 },
      { ...same, externalAccountId: 'A1', at },
    ]);
  });

  it("does not keep an account's name for another account", async () => {
    const { acme } = process();
    const put = (externalAccount?: { readonly id: string; readonly name?: string }) =>
      acme.connections.put('main', { connector: 'shop', credential: bearer(token), ...(externalAccount ? { externalAccount } : {}) });
    const accountOf = async (...given: Parameters<typeof put>) => {
      const { externalAccountId, externalAccountName } = await put(...given);
      return [externalAccountId, externalAccountName];
    };
    expect(await accountOf({ id: 'A1', name: 'One' })).toEqual(['A1', 'One']);
    expect(await accountOf()).toEqual(['A1', 'One']);
    expect(await accountOf({ id: 'A1' })).toEqual(['A1', 'One']);
    expect(await accountOf({ id: 'A2' })).toEqual(['A2', null]);
  });

  it('20 times at once makes one, in two processes', async () => {
    const [one, two] = [process(), process()];
    const input = { connector: 'shop', credential: bearer(token) };
    const made = await Promise.all(Array.from({ length: 20 }, (_, number) => (number % 2 ? one : two).acme.connections.put('main', input)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await one.acme.connections.list()).toHaveLength(1);
    expect([...one.connected, ...two.connected]).toHaveLength(1);
    expect(await storage.configuration.list('acme', 'credential', { cursor: null, limit: 10 })).toMatchObject({
      rows: [{ value: { secretVersion: 1 } }],
    });
  });

  it('20 times at once with 20 contents leaves one of them, whole', async () => {
    const [one, two] = [process(), process()];
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, number) =>
        (number % 2 ? one : two).acme.connections.put('main', {
          connector: 'shop',
          credential: bearer(`tok-${number}`),
          metadata: { number },
        }),
      ),
    );
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    const [last] = await one.acme.connections.list();
    const number = last?.metadata['number'];
    const before = await revision();
    await one.acme.connections.put('main', {
      connector: 'shop',
      credential: bearer(`tok-${number}`),
      metadata: { number: number ?? null },
    });
    expect(await revision()).toBe(before);
  });

  it('gives up, and says so, where others never let it through', async () => {
    const { configuration } = storage;
    const write: typeof configuration.write = async (tenant, changes) =>
      changes.some((change) => 'put' in change && change.put === 'connection')
        ? { status: 'conflict', kind: 'connection', id: 'x' }
        : configuration.write(tenant, changes);
    const { acme } = process({ ...storage, configuration: { ...configuration, write } });
    expect(await caught(acme.connections.put('main', { connector: 'shop', credential: bearer(token) }))).toMatchObject({
      code: 'conflict',
      retryable: true,
    });
  });

  it('replaces a credential that nobody can open any more', async () => {
    const { acme } = process();
    const { id } = await acme.connections.put('main', { connector: 'shop', credential: bearer(token) });
    const row = await storage.configuration.find('acme', 'credential', id);
    if (!row) throw new Error('no credential');
    const value = { ...row.value, sealed: `${row.value.sealed.slice(0, -8)}AAAAAAA=` };
    await storage.configuration.write('acme', [{ put: 'credential', id: row.id, name: row.name, expect: row.version, value }]);
    expect(await process().acme.connections.put('main', { connector: 'shop', credential: bearer(token) })).toMatchObject({
      id,
      status: 'active',
    });
    expect((await storage.configuration.find('acme', 'credential', id))?.value.secretVersion).toBe(2);
  });

  it.each(['', 'a/b', 'a\nb', '\u0000', 'x'.repeat(101), '\ud800', 'a\u0085', '019b0000-0000-7000-8000-000000000000'])(
    'refuses the name %j',
    async (name) => {
      expect(await caught(process().acme.connections.put(name, { connector: 'shop', credential: bearer(token) }))).toMatchObject({
        code: 'invalid_argument',
      });
    },
  );

  it.each(['main', 'Büro 7', 'a:b', '..', 'constructor', '__proto__', '😀'.repeat(50)])(
    'takes the name %j, and finds it again',
    async (name) => {
      const { acme } = process();
      const { id } = await acme.connections.put(name, { connector: 'shop', credential: bearer(token) });
      expect((await acme.connections.get(name)).id).toBe(id);
      expect((await acme.connections.get(`shop/${name}`)).id).toBe(id);
      expect((await acme.connections.get(id)).name).toBe(name);
    },
  );

  it('refuses what the connector does not take, before anything is stored', async () => {
    const { acme } = process();
    const refusals: readonly [object, string][] = [
      [{ connector: 'nowhere', credential: bearer(token) }, 'unknown_connector'],
      [{ connector: 'shop', credential: { type: 'basic', username: 'a', password: token } }, 'credential_missing'],
      [{ connector: 'shop', credential: { type: 'none' } }, 'credential_missing'],
      [{ connector: 'shop', credential: bearer('') }, 'credential_missing'],
      [{ connector: 'shop', credential: bearer(token), settings: { site: 'a' } }, 'invalid_argument'],
      [{ connector: 'site', credential: bearer(token) }, 'invalid_argument'],
      [{ connector: 'site', credential: bearer(token), settings: { site: `${token}.evil.com/` } }, 'invalid_argument'],
      [{ connector: 'site', credential: bearer(token), settings: { site: 'a', more: 1 } }, 'invalid_argument'],
      [{ connector: 'shop', credential: bearer(token), externalAccount: { id: '' } }, 'invalid_argument'],
      [{ connector: 'shop', credential: bearer(token), externalAccount: { id: 'a\u0000' } }, 'invalid_argument'],
    ];
    for (const [input, code] of refusals) {
      const error = await caught(acme.connections.put('main', input as never));
      expect([input, error]).toEqual([input, expect.objectContaining({ code })]);
      expect(String(error)).not.toContain(token);
    }
    expect(await revision()).toBe(0);
  });

  it('says what is wrong with a credential that is misnamed or was copied with its line break', async () => {
    const { acme } = process();
    const put = (input: object) => caught(acme.connections.put('main', { connector: 'shop', ...input } as never));
    expect(await put({ credentials: bearer(token) })).toMatchObject({
      message: expect.stringMatching(/^The `credential` is missing\. Pass/),
    });
    const copied = await put({ credential: bearer(`${token}\n`) });
    expect(copied).toMatchObject({ message: expect.stringContaining('token has a line break or space at its end: trim it.') });
    expect(String(copied)).not.toContain(token);
  });

  it('names the setting at fault in a sentence', async () => {
    const input = { connector: 'site', credential: bearer(token), settings: { site: 'a/b' } };
    expect(await caught(process().acme.connections.put('main', input))).toMatchObject({
      message: expect.stringMatching(
        /^A setting of the site connection is not valid: site: .+\. Correct the settings and put the connection again\.$/,
      ),
    });
  });

  it('keeps no credential where anybody could read it', async () => {
    const { acme } = process();
    const made = await acme.connections.put('main', { connector: 'shop', credential: bearer(token), metadata: { a: 1 } });
    const rows = await storage.configuration.snapshot('acme', ['connection', 'credential', 'tenant_key']);
    const text = JSON.stringify([made, await acme.connections.list(), rows]);
    for (const form of [token, Buffer.from(token).toString('base64').slice(0, -2), Buffer.from(token).toString('hex')])
      expect(text).not.toContain(form);
  });
});

describe('listing connections', () => {
  it('gives those that fit every part of the filter', async () => {
    const { acme } = process();
    for (const [connector, owner] of [
      ['shop', 'u1'],
      ['shop', 'u2'],
      ['till', 'u1'],
      ['till', undefined],
    ] as const)
      await acme.connections.put(`of ${owner}`, { connector, credential: bearer(token), ...(owner === undefined ? {} : { owner }) });
    await acme.connections.disconnect('shop/of u2');
    const listed = async (filter?: Parameters<typeof acme.connections.list>[0]) =>
      (await acme.connections.list(filter)).map(({ connector, name }) => `${connector} ${name}`).sort();
    const all = ['shop of u1', 'shop of u2', 'till of u1', 'till of undefined'];
    expect(await listed()).toEqual(all);
    expect(await listed({ category: 'custom' })).toEqual(all.slice(0, 2));
    expect(await listed({ category: 'erp' })).toEqual(all.slice(2));
    expect(await listed({ category: 'crm' })).toEqual([]);
    expect(await listed({ owner: 'u1' })).toEqual(['shop of u1', 'till of u1']);
    expect(await listed({ owner: 'u1', category: 'erp' })).toEqual(['till of u1']);
    expect(await listed({ connector: 'shop' })).toEqual(all.slice(0, 2));
    expect(await listed({ status: 'disconnected' })).toEqual(['shop of u2']);
    expect(await listed({ status: 'active', connector: 'shop' })).toEqual(['shop of u1']);
  });

  it('page by page gives each that fits once, in pages that are never larger than asked for', async () => {
    const { acme } = process();
    const input = { connector: 'shop', credential: bearer(token) };
    for (let number = 0; number < 11; number += 1)
      await acme.connections.put(`shop ${number}`, { ...input, owner: number % 4 ? 'u1' : 'u2' });
    const all = await acme.connections.list({ owner: 'u2' });
    const found: string[] = [];
    for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
      const page = await acme.connections.page({ owner: 'u2', limit: 2, cursor });
      expect(page.items.length).toBeLessThanOrEqual(2);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.cursor;
    }
    expect(found).toEqual(all.map(({ id }) => id));
    expect(found).toHaveLength(3);
    expect(await acme.connections.page({ owner: 'nobody', limit: 2 })).toEqual({ items: [], cursor: null });
    expect((await acme.connections.page()).items).toHaveLength(11);
    for (const limit of [0, 501, 1.5]) await expect(acme.connections.page({ limit })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(acme.connections.page({ status: 'lost' as never })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('of another tenant shows none of theirs, also by their cursor', async () => {
    const { hub, acme } = process();
    const other = hub.tenant('other');
    for (const name of ['a', 'b']) await other.connections.put(name, { connector: 'shop', credential: bearer(token) });
    const { cursor } = await other.connections.page({ limit: 1 });
    expect(await acme.connections.page({ cursor })).toEqual({ items: [], cursor: null });
  });
});

describe('what is said of a connection', () => {
  const circle: Record<string, unknown> = {};
  circle['itself'] = circle;
  it.each([
    { metadata: { text: 'x'.repeat(16_384) } },
    { metadata: { text: 'é'.repeat(9_000) } },
    { metadata: ['a'] },
    { metadata: 'a' },
    { metadata: null },
    { metadata: circle },
    { metadata: { big: 1n } },
    { owner: 'x'.repeat(201) },
    { owner: '' },
    { owner: 7 },
    { owner: 'a\u0000' },
    { externalAccount: { id: 'A1', name: 'x'.repeat(201) } },
    { externalAccount: { id: 'A1', name: 7 } },
  ])('is bounded: case %#', async (changes) => {
    const { acme } = process();
    const input = { connector: 'shop', credential: bearer(token) };
    expect(await caught(acme.connections.put('main', { ...input, ...(changes as object) }))).toMatchObject({ code: 'invalid_argument' });
    expect(await acme.connections.list()).toEqual([]);
    await acme.connections.put('main', input);
    expect(await caught(acme.connections.update('main', changes as object))).toMatchObject({ code: 'invalid_argument' });
  });

  it('may be as large as is said', async () => {
    const metadata = { text: 'x'.repeat(16_384 - '{"text":""}'.length) };
    const { acme } = process();
    expect(await acme.connections.put('main', { connector: 'shop', credential: bearer(token), metadata })).toMatchObject({ metadata });
  });
});

describe('finding a connection', () => {
  it('by a name that two have needs the connector, and says which there are', async () => {
    const { acme } = process();
    const one = await acme.connections.put('main', { connector: 'shop', credential: bearer(token) });
    const two = await acme.connections.put('main', { connector: 'mall', credential: bearer(token) });
    expect(await caught(acme.connections.get('main'))).toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(/(shop\/main, mall\/main|mall\/main, shop\/main)/),
    });
    expect((await acme.connections.get('shop/main')).id).toBe(one.id);
    expect((await acme.connections.get('mall/main')).id).toBe(two.id);
  });

  it('of another tenant is like finding none, whatever is done with it', async () => {
    const { hub, acme } = process();
    const { id } = await hub.tenant('other').connections.put('secret', { connector: 'shop', credential: bearer(token) });
    const none = '019b0000-0000-7000-8000-000000000000';
    const acts = [
      (reference: string) => acme.connections.get(reference),
      (reference: string) => acme.connections.test(reference),
      (reference: string) => acme.connections.disconnect(reference),
      (reference: string) => acme.webhooks.register({ connection: reference, secret: 'a-secret-of-mine' }),
    ];
    for (const act of acts) {
      const expected = await caught(act(none));
      expect(expected).toMatchObject({ code: 'not_found' });
      for (const reference of [id, 'secret', 'shop/secret', id.toUpperCase(), '']) expect(await caught(act(reference))).toEqual(expected);
    }
    expect(await acme.connections.list()).toEqual([]);
    expect((await hub.tenant('other').connections.get(id)).status).toBe('active');
  });
});

describe('disconnecting', () => {
  it('deletes the credential, keeps the connection, and says so once', async () => {
    const { acme, disconnected } = process();
    const { id } = await acme.connections.put('main', { connector: 'shop', credential: bearer(token) });
    await clock.advance(5_000);
    expect(await acme.connections.disconnect('main')).toMatchObject({ id, status: 'disconnected' });
    expect(await storage.configuration.find('acme', 'credential', id)).toBeNull();
    expect(await gates()).toEqual(['connection']);
    const before = await revision();
    expect(await acme.connections.disconnect('main')).toMatchObject({ status: 'disconnected' });
    expect(await revision()).toBe(before);
    expect(disconnected).toEqual([{ tenant: 'acme', connectionId: id, connectorId: 'shop', at: clock.now() }]);
  });

  it('gives up, and says so, where others never let it through', async () => {
    const { acme } = process();
    await acme.connections.put('main', { connector: 'shop', credential: bearer(token) });
    const { configuration } = storage;
    const write: typeof configuration.write = async () => ({ status: 'conflict', kind: 'connection', id: 'x' });
    const blocked = process({ ...storage, configuration: { ...configuration, write } });
    expect(await caught(blocked.acme.connections.disconnect('main'))).toMatchObject({ code: 'conflict', retryable: true });
    expect((await acme.connections.get('main')).status).toBe('active');
  });

  it('and putting again brings it back under its id, with a new version of its secret', async () => {
    const { acme } = process();
    const { id } = await acme.connections.put('main', { connector: 'shop', credential: bearer(token), owner: 'u1' });
    await acme.connections.disconnect('main');
    await clock.advance(5_000);
    expect(await acme.connections.put('main', { connector: 'shop', credential: bearer(token) })).toMatchObject({
      id,
      status: 'active',
      owner: 'u1',
      connectedAt: clock.now(),
    });
    expect((await storage.configuration.find('acme', 'credential', id))?.value.secretVersion).toBe(2);
    expect(await gates()).toEqual([]);
  });

  it('and putting at the same time leave lane, status and credential in one state', async () => {
    const [one, two] = [process(), process()];
    await one.acme.connections.put('main', { connector: 'shop', credential: bearer(token) });
    for (let round = 0; round < 30; round += 1) {
      await Promise.all([
        one.acme.connections.put('main', { connector: 'shop', credential: bearer(`tok-${round}`) }),
        two.acme.connections.disconnect('main'),
        round % 2
          ? one.acme.connections.disconnect('main')
          : two.acme.connections.put('main', { connector: 'shop', credential: bearer('tok') }),
      ]);
      const { id, status } = await one.acme.connections.get('main');
      const credential = await storage.configuration.find('acme', 'credential', id);
      expect([status, credential !== null, await gates()]).toEqual(
        status === 'active' ? ['active', true, []] : ['disconnected', false, ['connection']],
      );
    }
  });

  it('that ended between its two writes is mended by whoever puts or disconnects again', async () => {
    const broken = process({
      ...storage,
      gates: { ...storage.gates, open: () => Promise.reject(new Error('away')), close: () => Promise.reject(new Error('away')) },
    });
    const { acme } = process();
    await acme.connections.put('main', { connector: 'shop', credential: bearer(token) });
    expect(await caught(broken.acme.connections.disconnect('main'))).toMatchObject({ message: 'away' });
    expect(await gates()).toEqual([]);
    await acme.connections.disconnect('main');
    expect(await gates()).toEqual(['connection']);
    expect(await caught(broken.acme.connections.put('main', { connector: 'shop', credential: bearer(token) }))).toMatchObject({
      message: 'away',
    });
    expect(await gates()).toEqual(['connection']);
    await acme.connections.put('main', { connector: 'shop', credential: bearer(token) });
    expect(await gates()).toEqual([]);
  });
});

describe('registering a webhook', () => {
  const bell = (): Connector =>
    defineConnector({
      ...shop('bell').definition,
      id: 'bell',
      triggers: {
        rung: { title: 'Rung', description: 'Rung.', kind: 'custom', delivery: 'webhook', payload: z.json() },
        muted: { title: 'Muted', description: 'Muted.', kind: 'custom', delivery: 'webhook', payload: z.json() },
      },
      webhook: { scheme: hmacSha256({ header: 'x' }), deliveryId: 'x-id', toEvents: () => [] },
    });
  async function setUp() {
    const hub = createHub({
      connectors: [bell(), shop('shop')],
      storage,
      clock,
      keys: localKeys({ active: 'k1', keys: { k1: key } }),
      publicUrl: 'https://host.example.com',
    });
    hubs.push(hub);
    const acme = hub.tenant('acme');
    await acme.connections.put('main', { connector: 'bell', credential: bearer(token) });
    return { hub, acme };
  }

  it('is one registration for one connection and one set of triggers, in whatever order and however often they are named', async () => {
    const { acme } = await setUp();
    const secret = 'a-secret-of-mine';
    const all = await acme.webhooks.register({ connection: 'main', secret });
    const same = [
      await acme.webhooks.register({ connection: 'main', secret, trigger: ['rung', 'muted'] }),
      await acme.webhooks.register({ connection: 'main', secret, trigger: ['muted', 'rung', 'rung'] }),
      ...(await Promise.all(Array.from({ length: 20 }, () => acme.webhooks.register({ connection: 'main', secret })))),
    ];
    for (const each of same) expect(each).toEqual(all);
    expect(await acme.webhooks.list()).toHaveLength(1);
    expect((await acme.webhooks.register({ connection: 'main', secret, trigger: 'rung' })).id).not.toBe(all.id);
  });

  it('is the same one where its triggers are named as their events are called', async () => {
    const { acme } = await setUp();
    const secret = 'a-secret-of-mine';
    const rung = await acme.webhooks.register({ connection: 'main', secret, trigger: 'bell.rung' });
    expect(rung.triggers).toEqual(['rung']);
    expect(await acme.webhooks.register({ connection: 'main', secret, trigger: 'rung' })).toEqual(rung);
    const both = await acme.webhooks.register({ connection: 'main', secret, trigger: ['bell.muted', 'rung', 'bell.rung'] });
    expect(both.triggers).toEqual(['muted', 'rung']);
    expect(await acme.webhooks.register({ connection: 'main', secret })).toEqual(both);
  });

  it('keeps the secrets of one that is rotated often apart, sealed and bounded', async () => {
    const { acme } = await setUp();
    for (let number = 0; number < 10; number += 1) await acme.webhooks.register({ connection: 'main', secret: `secret-number-${number}` });
    const [registration] = await acme.webhooks.list();
    const row = await storage.configuration.get('acme', 'registration', registration?.id ?? '');
    expect(row?.value.secrets.length).toBeLessThanOrEqual(4);
    expect(row?.value.secrets.filter(({ notAfter }) => notAfter === null)).toHaveLength(1);
    expect(JSON.stringify(row)).not.toContain('secret-number');
  });

  it('is mended by registering again where its secret can no longer be opened', async () => {
    const { acme } = await setUp();
    const secret = 'a-secret-of-mine';
    const { id } = await acme.webhooks.register({ connection: 'main', secret });
    const row = await storage.configuration.get('acme', 'registration', id);
    if (!row) throw new Error('no registration');
    const secrets = row.value.secrets.map((each) => ({ ...each, sealed: `${each.sealed.slice(0, -8)}AAAAAAA=` }));
    const value = { ...row.value, secrets };
    await storage.configuration.write('acme', [{ put: 'registration', id, name: row.name, expect: row.version, value }]);
    expect((await acme.webhooks.register({ connection: 'main', secret })).id).toBe(id);
    expect((await storage.configuration.get('acme', 'registration', id))?.value.secrets).toHaveLength(2);
  });

  it('gives up, and says so, where others never let it through', async () => {
    await setUp();
    const { configuration } = storage;
    const write: typeof configuration.write = async (tenant, changes) =>
      changes.some((change) => 'put' in change && change.put === 'registration')
        ? { status: 'conflict', kind: 'registration', id: 'x' }
        : configuration.write(tenant, changes);
    const hub = createHub({
      connectors: [bell()],
      storage: { ...storage, configuration: { ...configuration, write } },
      clock,
      keys: localKeys({ active: 'k1', keys: { k1: key } }),
      publicUrl: 'https://host.example.com',
    });
    hubs.push(hub);
    expect(await caught(hub.tenant('acme').webhooks.register({ connection: 'main', secret: 'a-secret-of-mine' }))).toMatchObject({
      code: 'conflict',
      retryable: true,
    });
  });

  it.each(['', 'short', '1234567', '\ud800'.repeat(8), 'x'.repeat(5_000)])('refuses the secret %j', async (secret) => {
    const { acme } = await setUp();
    expect(await caught(acme.webhooks.register({ connection: 'main', secret }))).toMatchObject({ code: 'credential_missing' });
  });

  it("refuses triggers that are not the connector's, none at all, and a connector without webhooks", async () => {
    const { acme } = await setUp();
    const secret = 'a-secret-of-mine';
    for (const trigger of ['broken', 'constructor', '__proto__', '', 'shop.rung', 'bell.', 'bell.bell.rung', 'bell.constructor'])
      expect(await caught(acme.webhooks.register({ connection: 'main', secret, trigger }))).toMatchObject({ code: 'unknown_trigger' });
    expect(await caught(acme.webhooks.register({ connection: 'main', secret, trigger: [] }))).toMatchObject({ code: 'invalid_argument' });
    await acme.connections.put('shop', { connector: 'shop', credential: bearer(token) });
    expect(await caught(acme.webhooks.register({ connection: 'shop', secret }))).toMatchObject({ code: 'unsupported' });
  });

  it("is seen by nobody else: another tenant's is like none", async () => {
    const { hub, acme } = await setUp();
    const { id } = await acme.webhooks.register({ connection: 'main', secret: 'a-secret-of-mine' });
    const other = hub.tenant('other');
    const none = await caught(other.webhooks.get('019b0000-0000-7000-8000-000000000000'));
    expect(none).toMatchObject({ code: 'not_found' });
    expect(await caught(other.webhooks.get(id))).toEqual(none);
    expect(await caught(other.webhooks.unregister(id))).toEqual(none);
    expect(await other.webhooks.list()).toEqual([]);
    expect((await acme.webhooks.get(id)).id).toBe(id);
  });
});
