import type { IngestItem, Storage } from '@patchbay/core/adapter';
import { claimAll, newItem, newRunItem, succeeded } from '@patchbay/storage-records';
import type { ClientBase, PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import { noteOrders, openShop } from './support/shop-host.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

let test: TestSchema;
let storage: Storage<ClientBase>;
let host: PoolClient;

beforeAll(async () => {
  test = await createTestSchema();
});
beforeEach(async () => {
  storage = postgresStorage({ pool: test.anotherPool(), schema: test.schema });
  host = await test.pool.connect();
  await host.query('begin');
});
afterEach(async () => {
  await host.query('rollback');
  host.release();
  await test.clear();
});
afterAll(() => test.close());

const keyed = (key: string, item: IngestItem = newItem()): IngestItem => ({ ...item, dedupe: { key, hash: null } });
const unplanned = (key: string): IngestItem => ({ ...keyed(key), plan: null });

/** Publishes in the host's transaction, which stays open. */
async function hold(keys: readonly string[]): Promise<void> {
  for (let first = 0; first < keys.length; first += 64) {
    await storage.ingest(keys.slice(first, first + 64).map(unplanned), { transaction: host });
  }
}

const keysOf = (count: number, prefix = 'host:order'): string[] => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

describe.each([
  ['planned', (key: string) => keyed(key, newRunItem(['ticket']))],
  ['unplanned', unplanned],
])('a batch of 64 items that are %s, of which one has the key of a transaction that stays open', (_kind, itemOf) => {
  it.each([0, 31, 63])('stores the others, and says which one is busy (at %i)', async (place) => {
    await hold(['host:order-7']);
    const items = Array.from({ length: 64 }, (_, index) => itemOf(index === place ? 'host:order-7' : `webhook:${index}`));
    const verdicts = await storage.ingest(items);
    expect(verdicts.flatMap(({ status }, index) => (status === 'busy' ? [index] : []))).toEqual([place]);
    expect(verdicts.filter(({ status }) => status === 'created')).toHaveLength(63);
    expect(await storage.ingest([items[place === 0 ? 1 : 0] ?? newItem()])).toMatchObject([{ status: 'created' }]);
  });
});

it('takes in what was busy once the transaction has ended: a duplicate after the commit', async () => {
  await hold(['host:order-7']);
  const again = keyed('host:order-7');
  expect(await storage.ingest([again])).toEqual([{ status: 'busy' }]);
  await host.query('commit');
  expect(await storage.ingest([again])).toMatchObject([{ status: 'duplicate' }]);
});

it('and created after a rollback', async () => {
  await hold(['host:order-7']);
  const again = keyed('host:order-7');
  expect(await storage.ingest([again])).toEqual([{ status: 'busy' }]);
  await host.query('rollback');
  expect(await storage.ingest([again])).toMatchObject([{ status: 'created' }]);
});

it('answers a key that is held once in a call, however often the call has it', async () => {
  await hold(['host:order-7']);
  const items = Array.from({ length: 40 }, () => keyed('host:order-7'));
  expect(await storage.ingest([...items, keyed('webhook:1')])).toEqual([
    ...items.map(() => ({ status: 'busy' })),
    expect.objectContaining({ status: 'created' }),
  ]);
});

it('waits for nobody with a thousand events in a transaction that stays open', async () => {
  await hold(keysOf(1_000));
  const batches = Array.from({ length: 20 }, (_, batch) => keysOf(64, `webhook:${batch}`).map((key) => keyed(key)));
  const verdicts = await Promise.all(batches.map((batch) => storage.ingest(batch)));
  expect(new Set(verdicts.flat().map(({ status }) => status))).toEqual(new Set(['created']));
});

it('holds nobody up by having read every table', async () => {
  const { rows } = await host.query<{ name: string }>('select tablename as name from pg_tables where schemaname = $1', [test.schema]);
  for (const { name } of rows) await host.query(`select count(*) from ${test.schema}.${name}`);
  const items = Array.from({ length: 64 }, () => newRunItem(['ticket']));
  expect(new Set((await storage.ingest(items)).map(({ status }) => status))).toEqual(new Set(['created']));
  const claimed = await storage.claim(claimAll());
  expect(claimed).toHaveLength(64);
  expect(new Set((await storage.settle(claimed.map((one) => succeeded(one)))).map(({ status }) => status))).toEqual(new Set(['settled']));
  await storage.maintain?.();
});

describe('a configuration whose writer stays open', () => {
  const lockOf = (scope: string): string => `select pg_advisory_xact_lock(hashtextextended($1 || ':${scope}', 0))`;
  const of = (tenant: string): IngestItem => {
    const item = newItem([], { tenant });
    return { ...item, dedupe: { key: `webhook:${item.root}`, hash: null } };
  };

  it('holds up what was planned under it, and no other tenant', async () => {
    await host.query(lockOf('acme'), [`"${test.schema}"`]);
    const items = Array.from({ length: 40 }, (_, index) => of(index % 2 === 0 ? 'acme' : 'globex'));
    const verdicts = await storage.ingest([...items, { ...of('acme'), plan: null }]);
    expect(verdicts.map(({ status }) => status)).toEqual([...items.map((_, index) => (index % 2 === 0 ? 'busy' : 'created')), 'created']);
    await host.query('rollback');
    expect(new Set((await storage.ingest(items)).map(({ status }) => status))).toEqual(new Set(['created']));
  });
});

describe('a hub', () => {
  it('takes others in while a key is held, and refuses who brings that key as something that may be repeated', {
    timeout: 20_000,
  }, async () => {
    const shop = openShop({ pool: test.anotherPool(), schema: test.schema });
    await noteOrders(shop);
    const publish = (number: string, more: object = {}) =>
      shop.acme.events.publish('order.placed', { number }, { dedupeKey: number, ...more });
    await publish('A-1', { transaction: host });
    const order: string[] = [];
    const told = (name: string) => () => void order.push(name);
    const refused = expect(publish('A-1')).rejects.toMatchObject({ code: 'overloaded', retryable: true, retryAfterMs: 1_000 });
    const others = Promise.all(Array.from({ length: 30 }, (_, index) => publish(`B-${index}`)));
    await Promise.all([refused.then(told('refused')), others.then(told('others'))]);
    expect(order).toEqual(['others', 'refused']);
    await host.query('commit');
    expect(await publish('A-1')).toMatchObject({ status: 'duplicate' });
    await shop.close();
  });

  it('takes it in when the transaction ends while it waits', { timeout: 20_000 }, async () => {
    const shop = openShop({ pool: test.anotherPool(), schema: test.schema });
    await noteOrders(shop);
    const first = await shop.acme.events.publish('order.placed', { number: 'A-1' }, { dedupeKey: 'k', transaction: host });
    const second = shop.acme.events.publish('order.placed', { number: 'A-1' }, { dedupeKey: 'k' });
    await test.waiters(1, second);
    await host.query('commit');
    expect(await second).toEqual({ status: 'duplicate', eventId: first.eventId });
    await shop.close();
  });
});
