import type { ClientBase, PoolClient } from 'pg';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { wakeChannel } from '../src/queue/postgres-queue.ts';
import { noteOrders, openShop } from './support/shop-host.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

type Shop = ReturnType<typeof openShop>;

let test: TestSchema;
let shop: Shop;
const closings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  test = await createTestSchema();
  await test.pool.query(`create table ${test.schema}.host_orders (number text primary key)`);
});
beforeEach(async () => {
  shop = openShop({ pool: test.anotherPool(), schema: test.schema });
  await noteOrders(shop);
});
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
  await shop.close();
  await test.clear();
});
afterAll(() => test.close());

/** A transaction of the host's in which the order's row is written; what stays open is rolled back after the test. */
async function begin(number: string, how = ''): Promise<{ client: PoolClient; commit(): Promise<void>; rollback(): Promise<void> }> {
  const client = await test.pool.connect();
  let isOpen = true;
  const end = (word: string) => async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await client.query(word);
    client.release();
  };
  closings.push(end('rollback'));
  await client.query(`begin ${how}`);
  await client.query(`insert into ${test.schema}.host_orders values ($1)`, [number]);
  return { client, commit: end('commit'), rollback: end('rollback') };
}

const publish = (number: string, transaction: ClientBase, dedupeKey = number) =>
  shop.acme.events.publish('order.placed', { number }, { transaction, dedupeKey });
/** Rows that the session has written to each table; earlier transactions are in it as long as the server has not counted them. */
async function writesOf(client: ClientBase): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query(
    'select relname, n_tup_ins + n_tup_upd + n_tup_del as n from pg_stat_xact_user_tables where schemaname = $1 order by 1',
    [test.schema],
  );
  return new Map(rows.map(({ relname, n }) => [relname, n]));
}
const orders = async (): Promise<unknown[]> =>
  (await test.pool.query(`select number from ${test.schema}.host_orders order by 1`)).rows.map(({ number }) => number);

/** Hands in what the types forbid and plain JavaScript could. */
function publishIn(transaction: unknown): Promise<unknown> {
  const publishAnything = shop.acme.events.publish as (...given: unknown[]) => Promise<unknown>;
  return publishAnything('order.placed', { number: 'A-1' }, { transaction });
}

describe("an event in the host's transaction", () => {
  it("comes in with the host's rows, and its automation runs after the commit and not before", async () => {
    const host = await begin('A-1');
    const { status, eventId } = await publish('A-1', host.client);
    expect(status).toBe('created');
    await shop.hub.work();
    expect(shop.noted).toEqual([]);
    await expect(shop.acme.events.get(eventId)).rejects.toMatchObject({ code: 'not_found' });
    await host.commit();
    await shop.hub.work();
    expect(shop.noted).toEqual(['A-1']);
    expect((await shop.acme.runs.list({ eventId })).items).toMatchObject([{ status: 'succeeded' }]);
    expect(await orders()).toEqual(['A-1']);
  });

  it('leaves nothing after a rollback, and can be published again', async () => {
    const host = await begin('A-1');
    const { eventId } = await publish('A-1', host.client);
    await host.rollback();
    await shop.hub.work();
    expect(shop.noted).toEqual([]);
    expect(await orders()).toEqual([]);
    const again = await begin('A-1');
    const second = await publish('A-1', again.client);
    expect(second.status).toBe('created');
    expect(second.eventId).not.toBe(eventId);
    await again.commit();
    await shop.hub.work();
    expect(shop.noted).toEqual(['A-1']);
  });

  it('is found after a late commit, when events that came later have long been routed', async () => {
    const host = await begin('slow');
    await publish('slow', host.client);
    for (const number of ['B-1', 'B-2']) {
      const other = await begin(number);
      await publish(number, other.client);
      await other.commit();
      await shop.acme.events.publish('order.placed', { number: `${number}-direct` });
    }
    await shop.hub.work();
    expect(shop.noted.toSorted()).toEqual(['B-1', 'B-1-direct', 'B-2', 'B-2-direct']);
    await host.commit();
    await shop.hub.work();
    expect(shop.noted.at(-1)).toBe('slow');
  });

  it('is one with the same key outside: a duplicate is told, a conflict thrown, and the transaction goes on', async () => {
    const first = await shop.acme.events.publish('order.placed', { number: 'A-1' }, { dedupeKey: 'k' });
    const host = await begin('A-2');
    expect(await publish('A-1', host.client, 'k')).toEqual({ status: 'duplicate', eventId: first.eventId });
    await expect(publish('A-9', host.client, 'k')).rejects.toMatchObject({ code: 'conflict' });
    await host.client.query(`insert into ${test.schema}.host_orders values ('A-3')`);
    await host.commit();
    expect(await orders()).toEqual(expect.arrayContaining(['A-2', 'A-3']));
  });

  it('is written with its key and its mark, and nothing else is: no lock for others, no notification', async () => {
    const listener = new pg.Client(inject('databaseUrl'));
    await listener.connect();
    closings.push(() => listener.end());
    const heard: (string | undefined)[] = [];
    const end = new Promise<void>((resolve) => {
      listener.on('notification', ({ payload }) => {
        heard.push(payload);
        if (payload === 'the end') resolve();
      });
    });
    await listener.query(`listen "${wakeChannel(test.schema)}"`);
    const host = await begin('A-1');
    const before = await writesOf(host.client);
    await publish('A-1', host.client);
    const written = [...(await writesOf(host.client))].filter(([table, rows]) => rows !== before.get(table));
    expect(written.map(([table]) => table.replace(/^events_.*/, 'events'))).toEqual(['event_dedupe', 'event_marks', 'events']);
    const locks = `select mode, relation::regclass::text as relation from pg_locks
      where pid = pg_backend_pid() and (locktype = 'advisory' or mode not in ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock'))
        and locktype <> 'virtualxid' and locktype <> 'transactionid'`;
    expect((await host.client.query(locks)).rows).toEqual([]);
    await host.commit();
    await listener.query(`select pg_notify($1, 'the end')`, [wakeChannel(test.schema)]);
    await end;
    expect(heard).toEqual(['the end']);
  });

  it('can be caused by one of the same transaction', async () => {
    const host = await begin('A-1');
    const first = await publish('A-1', host.client);
    const options = { transaction: host.client, causation: first.eventId };
    const second = await shop.acme.events.publish('order.placed', { number: 'A-2' }, options);
    await host.commit();
    expect(await shop.acme.events.get(second.eventId)).toMatchObject({ event: { causation: first.eventId, correlation: first.eventId } });
  });

  it('needs no connection but its own: a host may hold the last one of its pool, in a hub that has done nothing yet', async () => {
    const pool = new pg.Pool({ connectionString: inject('databaseUrl'), max: 1 });
    const narrow = openShop({ pool, schema: test.schema });
    const cause = await shop.acme.events.publish('order.placed', { number: 'A-0' });
    const client = await pool.connect();
    await client.query('begin');
    const options = { transaction: client, causation: cause.eventId };
    const { eventId } = await narrow.acme.events.publish('order.placed', { number: 'A-1' }, options);
    await client.query('commit');
    client.release();
    expect(await shop.acme.events.get(eventId)).toMatchObject({ event: { causation: cause.eventId } });
    await narrow.close();
    await pool.end();
  });

  it('is routed at once by a worker in another process that the host wakes after the commit', { timeout: 30_000 }, async () => {
    const worker = openShop({ pool: test.anotherPool(), schema: test.schema, worker: { pollMs: 3_600_000 } });
    closings.push(worker.close);
    await worker.hub.start();
    const finished = new Promise<string>((resolve) => worker.hub.on('run.finished', ({ status }) => resolve(status)));
    const host = await begin('A-1');
    await publish('A-1', host.client);
    await host.commit();
    await test.listeners(1);
    await shop.hub.wake();
    expect(await finished).toBe('succeeded');
    expect(worker.noted).toEqual(['A-1']);
  });
});

describe.each(['repeatable read', 'serializable'])('a transaction that is %s', (level) => {
  it('brings its events in', async () => {
    const host = await begin('A-1', `isolation level ${level}`);
    for (let index = 0; index < 20; index += 1) await publish(`A-${index}`, host.client);
    await host.commit();
    await shop.hub.work();
    expect(shop.noted).toHaveLength(20);
  });

  it('fails as a whole, and can be repeated, where its key came in after it had begun', async () => {
    const host = await begin('A-1', `isolation level ${level}`);
    const first = await shop.acme.events.publish('order.placed', { number: 'A-1' }, { dedupeKey: 'A-1' });
    const attempt = publish('A-1', host.client);
    await expect(attempt).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true, details: { sqlstate: '40001' } });
    await expect(attempt).rejects.toThrow('Roll it back and repeat it');
    await expect(publish('A-2', host.client)).rejects.toMatchObject({ code: 'invalid_argument' });
    await host.rollback();
    const again = await begin('A-1', `isolation level ${level}`);
    expect(await publish('A-1', again.client)).toEqual({ status: 'duplicate', eventId: first.eventId });
    await again.commit();
  });
});

describe('what is no open transaction is refused, and nothing comes in', () => {
  afterEach(async () => {
    expect((await shop.acme.events.list()).items).toEqual([]);
  });

  it.each([
    ['nothing, by name', () => undefined, 'The option transaction is named and holds none.'],
    ['null', () => null, 'The option transaction is named and holds none.'],
    ['a text', () => 'begin', 'The transaction is no client of pg.'],
    ['an object without a connection', () => ({ query: 'begin' }), 'The transaction is no client of pg.'],
    ['the pool', () => test.pool, 'A pool is no transaction'],
  ])('%s', async (_what, given, message) => {
    const attempt = publishIn(given());
    await expect(attempt).rejects.toMatchObject({ code: 'invalid_argument', retryable: false });
    await expect(attempt).rejects.toThrow(message);
  });

  it('a client that has begun none', async () => {
    const client = await test.pool.connect();
    await expect(publishIn(client)).rejects.toThrow('No transaction is open on this client.');
    client.release();
  });

  it('a transaction in which a statement has failed', async () => {
    const host = await begin('A-1');
    await expect(host.client.query('select 1 / 0')).rejects.toThrow();
    await expect(publishIn(host.client)).rejects.toThrow('A statement has failed in this transaction');
  });

  it('a transaction that may not write', async () => {
    const client = await test.pool.connect();
    await client.query('begin read only');
    await expect(publishIn(client)).rejects.toThrow('The transaction is read only');
    await client.query('rollback');
    client.release();
  });

  it('all of these, where an older client of pg does not say what state it is in', async () => {
    const client = await test.pool.connect();
    const older = { query: client.query.bind(client) };
    await expect(publishIn(older)).rejects.toThrow('No transaction is open on this client.');
    await client.query('begin');
    expect(await publishIn(older)).toMatchObject({ status: 'created' });
    await expect(client.query('select 1 / 0')).rejects.toThrow();
    await expect(publishIn(older)).rejects.toThrow('A statement has failed in this transaction');
    await client.query('rollback');
    client.release();
  });
});
