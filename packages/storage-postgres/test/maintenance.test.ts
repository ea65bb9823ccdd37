import { createHub, localKeys } from '@patchbay/core';
import type { IngestItem, Storage } from '@patchbay/core/adapter';
import { claimAll, newDispatch, newId, newItem, newRunItem, succeeded } from '@patchbay/storage-records';
import pg, { type ClientBase } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { type MaintenanceReport, maintain } from '../src/maintenance/maintain.ts';
import { postgresStorage } from '../src/postgres-storage.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

const day = 86_400_000;

let test: TestSchema;
let storage: Storage<ClientBase>;

// Partitions are not emptied like other tables, so each test has its own.
beforeEach(async () => {
  test = await createTestSchema();
  storage = postgresStorage({ pool: test.pool, schema: test.schema });
});
afterEach(() => test.close());

const turn = (): Promise<MaintenanceReport> => maintain({ pool: test.pool, schema: test.schema });

/** An id of version 7 so many days from now. */
const idIn = (days: number): string => {
  const time = (Date.now() + days * day).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}${newId().slice(13)}`;
};

const partitions = async (): Promise<{ begins: string | null; ends: string }[]> =>
  (await test.pool.query(`select begins, ends from ${test.schema}.history_partitions() order by ends`)).rows;

const count = async (table: string): Promise<number> =>
  Number((await test.pool.query<{ count: string }>(`select count(*) from ${test.schema}.${table}`)).rows[0]?.count);

/** Takes an event with a run to its end. */
async function finish(item: IngestItem = newRunItem(['ticket'])): Promise<IngestItem> {
  await storage.ingest([item]);
  const claimed = await storage.claim(claimAll());
  await storage.settle(
    claimed.map((dispatch) => {
      const done = succeeded(dispatch);
      return { ...done, run: done.run && { ...done.run, status: 'succeeded' as const } };
    }),
  );
  return item;
}

const keyOf = (item: IngestItem) => {
  const [dispatch] = item.plan?.dispatches ?? [];
  if (dispatch === undefined) throw new Error('The item has no dispatch.');
  return dispatch.key;
};

const runKeyOf = (item: IngestItem) => {
  const [run] = item.plan?.runs ?? [];
  if (run === undefined) throw new Error('The item has no run.');
  return run.key;
};

/** All that the history knows of an item. */
async function remembered(item: IngestItem): Promise<unknown[]> {
  const found = [
    await storage.history.event('acme', item.root),
    await storage.history.run(runKeyOf(item)),
    await storage.history.dispatch(keyOf(item)),
    ...(await storage.history.attempts(keyOf(item))),
  ];
  return found.filter((each) => each !== null);
}

describe('partitions', () => {
  it('follow one another without a gap, from the beginning of time to weeks ahead', async () => {
    await test.advance(45 * day);
    expect((await turn()).made).toBeGreaterThan(0);
    const ranges = await partitions();
    expect(ranges[0]?.begins).toBeNull();
    expect(ranges.slice(1).map(({ begins }) => begins)).toEqual(ranges.slice(0, -1).map(({ ends }) => ends));
    expect((ranges.at(-1)?.ends ?? '') >= idIn(45 + 59)).toBe(true);
    expect((await turn()).made).toBe(0);
  });

  it('are made once, however many processes make them at once', async () => {
    await test.advance(200 * day);
    const reports = await Promise.all(Array.from({ length: 6 }, () => turn()));
    expect(reports.filter((report) => report.made > 0)).toHaveLength(1);
  });

  it('are made although a transaction of the host stays open on the parents', async () => {
    const host = await test.pool.connect();
    await host.query('begin');
    await storage.ingest([{ ...newItem(), plan: null }], { transaction: host });
    await test.advance(30 * day);
    expect((await turn()).made).toBeGreaterThan(0);
    await host.query('commit');
    host.release();
  });

  it('take every id of weeks to come, and refuse one of years to come with what to do', async () => {
    expect(await storage.ingest([newItem([], { root: idIn(55) })])).toMatchObject([{ status: 'created' }]);
    await expect(storage.ingest([newItem([], { root: idIn(4_000) })])).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('partition'),
    });
  });

  it('give their pages of history in one order, while runs move to the history', async () => {
    const roots = [-400, 3, 20, 35, 50].map(idIn);
    const automation = newId();
    const items = roots.map((root) => {
      const key = { tenant: 'acme', root, automation, replay: 0 };
      const run = { key, automationName: 'triage', version: 1, status: 'running' as const, state: '{}', error: null };
      const { event } = newItem([], { root });
      return newItem([], { root, event, plan: { revision: { hub: 0, tenant: 0 }, considered: [], runs: [run], dispatches: [] } });
    });
    await storage.ingest(items);
    const seen: string[] = [];
    let cursor: string | null = null;
    for (const item of items) {
      const page: Awaited<ReturnType<typeof storage.history.runs>> = await storage.history.runs('acme', {}, { cursor, limit: 1 });
      seen.push(...page.items.map(({ key }) => key.root));
      cursor = page.cursor;
      expect(await storage.cancelRun({ key: runKeyOf(item), revision: 1 })).toEqual({ status: 'done' });
    }
    expect(seen).toEqual(roots.toReversed());
    expect(await count('runs')).toBe(0);
    const events = await storage.history.events('acme', {}, { cursor: null, limit: 10 });
    expect(events.items.map(({ id }) => id)).toEqual(roots.toReversed());
  });
});

describe('retention', () => {
  it('takes away an event with all below it, and leaves what is younger', async () => {
    const old = await finish();
    const young = await finish(newRunItem(['ticket']));
    const later = newRunItem(['ticket']);
    expect(await remembered(old)).toHaveLength(4);
    await test.advance(89 * day);
    expect(await turn()).toMatchObject({ emptied: 0, dropped: 0, postponed: false });
    expect(await remembered(young)).toHaveLength(4);
    await test.advance(21 * day);
    expect(await turn()).toMatchObject({ emptied: 1, dropped: 2, open: 0, postponed: false });
    expect(await remembered(old)).toEqual([]);
    expect((await partitions())[0]?.begins).toBeNull();
    await finish(later);
    expect(await remembered(later)).toHaveLength(4);
  });

  it('keeps what is open, and takes it when it has ended', async () => {
    const open = newRunItem(['ticket']);
    await storage.ingest([open]);
    await test.advance(110 * day);
    expect(await turn()).toMatchObject({ emptied: 0, dropped: 0, open: 1 });
    expect(await remembered(open)).toHaveLength(3);
    const [claimed] = await storage.claim(claimAll());
    if (claimed === undefined) throw new Error('Nothing was claimed.');
    const done = succeeded(claimed);
    await storage.settle([{ ...done, run: done.run && { ...done.run, status: 'succeeded' } }]);
    expect(await turn()).toMatchObject({ emptied: 1, dropped: 2, open: 0 });
    expect(await remembered(open)).toEqual([]);
  });

  it('keeps an event while a call below it is open that belongs to no run', async () => {
    const root = newId();
    await storage.ingest([newItem([newDispatch(root)])]);
    await test.advance(110 * day);
    expect(await turn()).toMatchObject({ emptied: 0, dropped: 0, open: 1 });
    expect(await storage.history.event('acme', root)).not.toBeNull();
  });

  it('has a place for what comes late below a range that is gone', async () => {
    await finish();
    await test.advance(110 * day);
    expect((await turn()).dropped).toBe(2);
    const late = await finish();
    expect(await remembered(late)).toHaveLength(4);
    expect(await turn()).toMatchObject({ emptied: 1, dropped: 0 });
    expect(await remembered(late)).toEqual([]);
  });

  it('holds nobody up while a transaction of the host stays open, and is done after it', async () => {
    await finish();
    const host = await test.pool.connect();
    await host.query('begin');
    await storage.ingest([{ ...newItem([], { root: idIn(20) }), plan: null }], { transaction: host });
    await test.advance(110 * day);
    const [report] = await Promise.all([turn(), ...Array.from({ length: 20 }, () => storage.ingest([newItem()]))]);
    // Its space is free; only the empty tables stay in the catalogue.
    expect(report).toMatchObject({ emptied: 1, dropped: 0, postponed: true });
    expect(await storage.ingest([newItem()])).toMatchObject([{ status: 'created' }]);
    await host.query('rollback');
    host.release();
    await finish();
    expect(await turn()).toMatchObject({ dropped: 2, postponed: false });
  });

  it.each([
    ['has read it', (schema: string) => `select count(*) from ${schema}.events`],
    ['has read what is kept', (schema: string) => `select from ${schema}.events where id > '${idIn(100)}'`],
  ])('asks for no table that a session holds which stays open after it %s, as all others would wait with it', async (_what, read) => {
    await finish();
    await test.advance(110 * day);
    const host = await test.pool.connect();
    await host.query('begin');
    await host.query(read(test.schema));
    const asked: string[] = [];
    const pool = test.anotherPool();
    pool.on('connect', (client) => {
      const query = client.query.bind(client);
      const spy = (...given: unknown[]): unknown => {
        asked.push(JSON.stringify(given[0]));
        return Reflect.apply(query, client, given);
      };
      Object.assign(client, { query: spy });
    });
    expect(await maintain({ pool, schema: test.schema })).toMatchObject({ dropped: 0, postponed: true });
    expect(asked.some((text) => text.includes('drop_partitions('))).toBe(false);
    await storage.ingest([newItem()]);
    await host.query('rollback');
    host.release();
    expect(await turn()).toMatchObject({ dropped: 2, postponed: false });
  });

  it('answers a replay and an explanation of what is gone with not_found', async () => {
    const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64');
    const hub = createHub({
      connectors: [],
      storage,
      keys: localKeys({ active: 'k', keys: { k: key } }),
      publicUrl: 'https://app.example.com',
    });
    const item = await finish();
    const { events } = hub.tenant('acme');
    expect(await events.get(item.root)).toMatchObject({ event: { id: item.root } });
    await test.advance(110 * day);
    await hub.work();
    for (const call of [() => events.get(item.root), () => events.explain(item.root), () => events.replay(item.root)]) {
      await expect(call()).rejects.toMatchObject({ code: 'not_found' });
    }
    await hub.stop();
  });

  it('forgets a dedupe key after its horizon, and not before', async () => {
    const dedupe = { key: 'order-7', hash: null };
    await storage.ingest([newItem([], { dedupe })]);
    await test.advance(29 * day);
    expect((await turn()).keys).toBe(0);
    expect(await storage.ingest([newItem([], { dedupe })])).toMatchObject([{ status: 'duplicate' }]);
    await test.advance(2 * day);
    expect((await turn()).keys).toBe(1);
    expect(await storage.ingest([newItem([], { dedupe })])).toMatchObject([{ status: 'created' }]);
  });

  it.each([{ historyDays: 0 }, { historyDays: 1.5 }, { dedupeDays: 29 }, { historyDays: Number.NaN }])('of %j is refused', (retention) => {
    expect(() => postgresStorage({ pool: test.pool, schema: test.schema, retention })).toThrow(
      expect.objectContaining({ code: 'invalid_argument' }),
    );
  });
});

describe('runs', () => {
  it('leave the hot table when they end', async () => {
    const item = newRunItem(['a', 'b']);
    await storage.ingest([item]);
    expect([await count('runs'), await count('run_history')]).toEqual([1, 0]);
    await storage.cancelRun({ key: runKeyOf(item), revision: 1 });
    expect([await count('runs'), await count('run_history')]).toEqual([0, 1]);
  });

  it('come back for a dispatch that has outlived them, and go again', async () => {
    const item = newRunItem(['a']);
    await storage.ingest([item]);
    const [leased] = await storage.claim(claimAll());
    await storage.cancelRun({ key: runKeyOf(item), revision: 1 });
    await test.advance(60_000);
    const [taken] = await storage.claim({ ...claimAll(), kind: 'suspect' });
    expect(taken).toMatchObject({ handle: leased?.handle, run: { status: 'cancelled', revision: 2 } });
    if (taken === undefined) throw new Error('Nothing was claimed.');
    const settled = succeeded(taken);
    const run = settled.run && { ...settled.run, status: 'cancelled' as const, state: '{"steps":{"a":1}}' };
    expect(await storage.settle([{ ...settled, run }])).toEqual([{ status: 'settled', leased: [] }]);
    expect(await storage.history.run(runKeyOf(item))).toMatchObject({ status: 'cancelled', revision: 3, state: '{"steps":{"a":1}}' });
    expect([await count('runs'), await count('run_history')]).toEqual([0, 1]);
  });

  it('that ended and stayed behind are moved by maintenance', async () => {
    const item = newRunItem(['a']);
    await storage.ingest([item]);
    await test.pool.query(`update ${test.schema}.runs set status = 'failed'`);
    await turn();
    expect([await count('runs'), await count('run_history')]).toEqual([0, 1]);
    expect(await storage.history.run(runKeyOf(item))).toMatchObject({ status: 'failed' });
  });
});

describe('ordering keys', () => {
  it('are handed on where the dead dispatch that blocked them has gone with its partition', async () => {
    const items = [newRunItem(['ticket']), newRunItem(['ticket'])].map((item) => ({
      ...item,
      plan: item.plan && {
        ...item.plan,
        dispatches: item.plan.dispatches.map((one) => ({
          ...one,
          key: { ...one.key, target: 'call' },
          ordering: { key: 'issue-1', onDead: 'block' as const },
        })),
      },
    }));
    await storage.ingest(items);
    const claimed = await storage.claim(claimAll());
    await storage.settle(claimed.map((dispatch) => ({ ...succeeded(dispatch, { run: null }), settlement: { to: 'dead' as const } })));
    await turn();
    expect(await storage.claim(claimAll())).toEqual([]);
    await test.pool.query(`delete from ${test.schema}.dispatch_history`);
    expect(await storage.claim(claimAll())).toEqual([]);
    await turn();
    expect(await storage.claim(claimAll())).toMatchObject([{ key: { root: items[1]?.root } }]);
  });
});

describe('a role that may use the tables and create none', () => {
  const asRole = async (grant: (role: string) => string): Promise<{ pool: pg.Pool; end: () => Promise<void> }> => {
    const role = `r_${crypto.randomUUID().slice(0, 8)}`;
    const { schema } = test;
    await test.pool.query(`create role ${role} login; grant usage on schema ${schema} to ${role};
      grant select, insert, update, delete on all tables in schema ${schema} to ${role};
      grant usage on all sequences in schema ${schema} to ${role}; ${grant(role)}`);
    const url = new URL(inject('databaseUrl'));
    url.username = role;
    const pool = new pg.Pool({ connectionString: url.href, max: 2 });
    const end = async (): Promise<void> => {
      await pool.end();
      await test.pool.query(`drop owned by ${role}; drop role ${role}`);
    };
    return { pool, end };
  };

  it('ingests, settles and maintains where the functions are granted to it', async () => {
    const { pool, end } = await asRole((role) => `grant execute on all functions in schema ${test.schema} to ${role}`);
    storage = postgresStorage({ pool, schema: test.schema });
    await storage.ready();
    const item = await finish();
    await test.advance(110 * day);
    expect(await maintain({ pool, schema: test.schema })).toMatchObject({ emptied: 1, dropped: 2 });
    expect(await remembered(item)).toEqual([]);
    await finish(newRunItem(['ticket']));
    await end();
  });

  it('takes away nothing where they are not', async () => {
    const { pool, end } = await asRole(() => '');
    await expect(maintain({ pool, schema: test.schema })).rejects.toMatchObject({ code: 'not_ready' });
    await end();
  });
});
