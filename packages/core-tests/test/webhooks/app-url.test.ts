import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bellConnector } from './bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, eventsOf, ring, secret } from './bell-stage.ts';

const url = 'https://host.example.com/hub/webhooks/bell';
const connector = bellConnector({ accounts: true });

let stage: BellStage;
let office: BellProcess;
let door: BellProcess;

beforeEach(() => {
  stage = bellStage();
  office = stage.process({ connector, appSecrets: secret });
  door = stage.process({ connector, appSecrets: secret });
});
afterEach(() => stage.close());

const connect = (tenant: string, account: string, name = 'main') =>
  office.hub.tenant(tenant).connections.put(name, { connector: 'bell', credential: { type: 'none' }, externalAccount: { id: account } });
const toAccount = (account: unknown, id?: string) => ring({ body: { tone: 'c', account } as never, ...(id === undefined ? {} : { id }) });
const counted = async (name: string): Promise<number> => {
  await stage.clock.advance(1_000);
  return stage.storage.counters.read({ tenant: '', name, fromDay: '2026-01-01', toDay: '2026-01-01' });
};

describe('one URL per app', () => {
  it('hands a delivery to every connection of the account, each tenant apart', async () => {
    await connect('acme', 'T1');
    await connect('acme', 'T1', 'second');
    await connect('other', 'T1');
    await connect('third', 'T2');
    const delivery = toAccount('T1');
    for (let times = 0; times < 3; times += 1) expect((await door.send(url, delivery)).status).toBe(202);
    expect(await eventsOf(office)).toHaveLength(2);
    expect(await eventsOf(office, 'other')).toHaveLength(1);
    expect(await eventsOf(office, 'third')).toHaveLength(0);
  });

  it.each([
    ['nobody has', 'T9'],
    ['is empty', ''],
    ['is not told', undefined],
    ['is no text', 7],
  ])('counts and drops a delivery whose account %s', async (_what, account) => {
    await connect('acme', 'T1');
    expect((await door.send(url, toAccount(account))).status).toBe(202);
    expect(await eventsOf(office)).toEqual([]);
    expect(await counted('webhook:app:bell:unknown_account')).toBe(1);
  });

  it('knows an account by its whole name and its connector', async () => {
    await connect('acme', 'T1');
    for (const account of ['T', 'T11', 't1', 'T1 ', 'bell:T1', 'T1\u0000']) await door.send(url, toAccount(account));
    expect(await eventsOf(office)).toEqual([]);
  });

  it('gives nothing to a connection that was disconnected, or whose account is another by now', async () => {
    await connect('acme', 'T1');
    await connect('other', 'T1');
    await door.send(url, toAccount('T1'));
    await office.hub.tenant('acme').connections.disconnect('main');
    await connect('other', 'T2');
    expect((await door.send(url, toAccount('T1'))).status).toBe(202);
    expect([await eventsOf(office), await eventsOf(office, 'other')].map((events) => events.length)).toEqual([1, 1]);
    expect(await counted('webhook:app:bell:unknown_account')).toBe(1);
    expect(door.failed).toEqual([]);
  });

  it('gives nothing to a connection that ends between the look and the commit, and the others get theirs', async () => {
    await connect('acme', 'T1');
    await connect('other', 'T1');
    let ended: Promise<unknown> | undefined;
    const late = stage.process({
      connector,
      appSecrets: secret,
      storage: {
        ...stage.storage,
        async ingest(items) {
          ended ??= office.hub.tenant('acme').connections.disconnect('main');
          await ended;
          return stage.storage.ingest(items);
        },
      },
    });
    expect((await late.send(url, toAccount('T1'))).status).toBe(202);
    expect([await eventsOf(office), await eventsOf(office, 'other')].map((events) => events.length)).toEqual([0, 1]);
  });

  it('tells the service to send again where one tenant could not be served, and serves nobody twice', async () => {
    await connect('acme', 'T1');
    await connect('other', 'T1');
    let away = true;
    const broken = stage.process({
      connector,
      appSecrets: secret,
      storage: {
        ...stage.storage,
        ingest: (items) =>
          away && items.some(({ tenant }) => tenant === 'acme') ? Promise.reject(new Error('away')) : stage.storage.ingest(items),
      },
    });
    const delivery = toAccount('T1');
    expect((await broken.send(url, delivery)).status).toBe(500);
    away = false;
    expect((await broken.send(url, delivery)).status).toBe(202);
    expect([await eventsOf(office), await eventsOf(office, 'other')].map((events) => events.length)).toEqual([1, 1]);
  });
});

describe('a delivery for many tenants', () => {
  it('is published in parts, and each tenant has it', async () => {
    const tenants = Array.from({ length: 100 }, (_, number) => `tenant-${number}`);
    for (const tenant of tenants) await connect(tenant, 'T1');
    let underWay = 0;
    let highest = 0;
    const counted = stage.process({
      connector,
      appSecrets: secret,
      storage: {
        ...stage.storage,
        async ingest(items) {
          underWay += items.length;
          highest = Math.max(highest, underWay);
          for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => setImmediate(resolve));
          underWay -= items.length;
          return stage.storage.ingest(items);
        },
      },
    });
    const events = Array.from({ length: 5 }, (_, number) => ({ trigger: 'rung', data: { tone: `c${number}` } }));
    const delivery = ring({ body: { account: 'T1', ballast: 'x'.repeat(50_000), events } });
    expect((await counted.send(url, delivery)).status).toBe(202);
    // A mebibyte of bodies: 20 events of four tenants.
    expect(highest).toBe(20);
    for (const tenant of tenants) expect(await eventsOf(office, tenant)).toHaveLength(5);
  });
});

describe('a tenant who cannot be served', () => {
  /** Both tenants have the account; what the store says of one of them is the test's. */
  async function shared(failing: Readonly<Record<string, () => Error>>) {
    for (const tenant of ['acme', 'other']) await connect(tenant, 'T1');
    const { configuration } = stage.storage;
    const snapshot: typeof configuration.snapshot = (tenant, kinds) => {
      const fail = failing[tenant];
      return fail ? Promise.reject(fail()) : configuration.snapshot(tenant, kinds);
    };
    return stage.process({ connector, appSecrets: secret, storage: { ...stage.storage, configuration: { ...configuration, snapshot } } });
  }
  const lasting = () => new PatchbayError({ code: 'internal', message: 'The row cannot be read.' });
  const passing = () => new PatchbayError({ code: 'storage_unavailable', message: 'The store is away.' });

  it('for good is told, and the service does not send to the others without end', async () => {
    const own = await shared({ acme: lasting });
    const delivery = toAccount('T1');
    for (let times = 0; times < 2; times += 1) expect((await own.send(url, delivery)).status).toBe(202);
    expect(await eventsOf(office, 'other')).toHaveLength(1);
    // The second is the same delivery, which is kept already.
    expect(own.failed).toMatchObject([{ tenant: 'acme', registrationId: 'app:bell', error: { code: 'internal' }, reason: null }]);
    await stage.clock.advance(1_000);
    const name = 'webhook:app:bell:kept';
    expect(await stage.storage.counters.read({ tenant: 'acme', name, fromDay: '2026-01-01', toDay: '2026-01-01' })).toBe(1);
    expect((await office.hub.tenant('acme').webhooks.kept.list()).items).toHaveLength(1);
  });

  it('just now makes the service send again, whatever befell the others', async () => {
    const failing: Record<string, () => Error> = { acme: lasting, other: passing };
    await connect('third', 'T1');
    const own = await shared(failing);
    const delivery = toAccount('T1');
    expect(await own.send(url, delivery)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    delete failing['other'];
    expect((await own.send(url, delivery)).status).toBe(202);
    expect([await eventsOf(office, 'other'), await eventsOf(office, 'third')].map((events) => events.length)).toEqual([1, 1]);
  });

  it('has the delivery kept, also where nobody else has taken it', async () => {
    const own = await shared({ acme: lasting, other: lasting });
    expect((await own.send(url, toAccount('T1'))).status).toBe(202);
    for (const tenant of ['acme', 'other']) expect((await office.hub.tenant(tenant).webhooks.kept.list()).items).toHaveLength(1);
  });
});

describe("the app's secret", () => {
  it('is wanted: without one nothing is let in', async () => {
    await connect('acme', 'T1');
    for (const none of [stage.process({ connector }), stage.process({ connector, appSecrets: [] })]) {
      expect((await none.send(url, toAccount('T1'))).status).toBe(401);
      expect((await none.send(url, ring({ secret: '', body: { account: 'T1' } }))).status).toBe(401);
    }
    expect(await eventsOf(office)).toEqual([]);
  });

  it('is not replaced by the secret of a registration, nor the other way round', async () => {
    await connect('acme', 'T1');
    const registration = await office.hub.tenant('acme').webhooks.register({ connection: 'main', secret: 'of-the-registration' });
    const own = ring({ body: { tone: 'c', account: 'T1' }, secret: 'of-the-registration' });
    expect((await door.send(url, own)).status).toBe(401);
    expect((await door.send(registration.url, toAccount('T1'))).status).toBe(401);
    expect((await door.send(registration.url, own)).status).toBe(202);
  });

  it('may be several while one is replaced', async () => {
    await connect('acme', 'T1');
    const both = stage.process({ connector, appSecrets: ['the-new-secret', secret] });
    expect((await both.send(url, toAccount('T1'))).status).toBe(202);
    expect((await both.send(url, ring({ body: { tone: 'c', account: 'T1' }, secret: 'the-new-secret' }))).status).toBe(202);
    expect((await both.send(url, ring({ body: { tone: 'c', account: 'T1' }, secret: 'the-old-secret' }))).status).toBe(401);
  });

  it('lets nothing in for a connector that names no account', async () => {
    const plain = stage.process({ connector: bellConnector(), appSecrets: secret });
    await connect('acme', 'T1');
    expect((await plain.send(url, toAccount('T1'))).status).toBe(401);
  });

  it('is checked before a challenge is answered', async () => {
    expect((await door.send(url, ring({ body: { challenge: 'x' }, secret: 'another-secret' }))).status).toBe(401);
    expect(await door.send(url, ring({ body: { challenge: 'x' } }))).toMatchObject({ status: 200, text: 'x' });
  });
});
