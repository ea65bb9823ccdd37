import type { Storage } from '@patchbay/core/adapter';
import { claimAll, newId, newItem, newRunItem, succeeded } from '@patchbay/storage-records';
import type { ClientBase } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import { takeIn } from './support/take-in.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

let test: TestSchema;
let first: Storage<ClientBase>;
let second: Storage<ClientBase>;

beforeAll(async () => {
  test = await createTestSchema();
  first = postgresStorage({ pool: test.pool, schema: test.schema });
  second = postgresStorage({ pool: test.anotherPool(), schema: test.schema });
});
beforeEach(() => test.clear());
afterAll(() => test.close());

/** Claims and settles until nothing is left. Answers how often each root was done. */
async function drain(storage: Storage<ClientBase>, holder: string): Promise<string[]> {
  const done: string[] = [];
  for (;;) {
    const claimed = await storage.claim(claimAll({ holder, limit: 7 }));
    if (claimed.length === 0 && (await storage.nextDue({ handlers: claimAll().handlers })) === null) return done;
    const verdicts = await storage.settle(claimed.map((dispatch) => succeeded(dispatch, { run: null })));
    expect(verdicts.every(({ status }) => status === 'settled')).toBe(true);
    done.push(...claimed.map(({ key }) => key.root));
  }
}

it('does each of 400 dispatches once when four workers in two processes race for them', { timeout: 60_000 }, async () => {
  const items = Array.from({ length: 400 }, () => newRunItem(['ticket']));
  await first.ingest(items);
  const done = await Promise.all([drain(first, 'a'), drain(second, 'b'), drain(first, 'c'), drain(second, 'd')]);
  expect(done.flat().sort()).toEqual(items.map(({ root }) => root).sort());
  const { rows } = await test.pool.query<{ left: string; ended: string }>(
    `select (select count(*) from ${test.schema}.dispatches) as left,
       (select count(*) from ${test.schema}.dispatch_history where attempts = 1) as ended`,
  );
  expect(rows).toEqual([{ left: '0', ended: '400' }]);
});

it('stores nothing that was planned before a change which commits while the event is on its way', async () => {
  const writer = await test.pool.connect();
  await writer.query('begin');
  const lock = `select pg_advisory_xact_lock(hashtextextended('"${test.schema}":acme', 0))`;
  await writer.query(lock);
  const ingesting = takeIn(second, [newItem()]);
  await test.waiters(1);
  await writer.query(`insert into ${test.schema}.configuration_revisions values ('acme', 1)`);
  await writer.query('commit');
  writer.release();
  expect(await ingesting).toEqual([{ status: 'moved', revision: { hub: 0, tenant: 1 } }]);
});

/** Has a change meet an event that waits for a key of the host's. Answers what became of the event, and of one with the same plan after it. */
async function changeMeetsEvent(): Promise<readonly (string | undefined)[]> {
  const host = await test.pool.connect();
  await host.query('begin');
  const key = { key: 'order-7', hash: null };
  await first.ingest([newItem([], { plan: null, dedupe: key })], { transaction: host });
  const ingesting = second.ingest([newItem([], { dedupe: key })]);
  await test.waiters(1, ingesting);
  const change = {
    put: 'subscriber' as const,
    id: newId(),
    name: 'index',
    expect: 'absent' as const,
    value: { name: 'index', pattern: '*' },
  };
  const writing = first.configuration.write('acme', [change]);
  await test.waiters(2, ingesting);
  await host.query('rollback');
  host.release();
  const [stored] = await ingesting;
  await writing;
  const [after] = await second.ingest([newItem()]);
  return [stored?.status, after?.status];
}

it('lets a change wait until an event that was planned before it has been stored', { timeout: 30_000 }, async () => {
  let verdicts = await changeMeetsEvent();
  while (verdicts[0] === 'busy') {
    // The key is waited for a tenth of a second, and this machine was slower.
    await test.clear();
    verdicts = await changeMeetsEvent();
  }
  expect(verdicts).toEqual(['created', 'moved']);
});

it('gives up on a key that a transaction of the host holds on to, and sets nothing in that transaction', {
  timeout: 20_000,
}, async () => {
  const host = await test.pool.connect();
  await host.query('begin');
  const key = { key: 'order-7', hash: null };
  await first.ingest([newItem([], { plan: null, dedupe: key })], { transaction: host });
  const { rows } = await host.query<{ lock_timeout: string }>('show lock_timeout');
  expect(rows).toEqual([{ lock_timeout: '0' }]);
  expect(await second.ingest([newItem([], { dedupe: key })])).toEqual([{ status: 'busy' }]);
  await host.query('commit');
  host.release();
  expect(await second.ingest([newItem([], { dedupe: key })])).toMatchObject([{ status: 'duplicate' }]);
});
