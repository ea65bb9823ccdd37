import type { BirthLease, ClaimedDispatch, SettleItem, Storage } from '@patchbay/core/adapter';
import { uuidGenerator } from '@patchbay/core/adapter';
import { claimAll, handler, newDispatch, newId, newItem, newRunItem, succeeded } from '@patchbay/storage-records';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Statement } from '../src/database/database.ts';
import { nobody } from '../src/database/scope.ts';
import { createClaimCursor } from '../src/ledger/claim-cursor.ts';
import { claimReady } from '../src/ledger/claim-ready.ts';
import { claimKnownStatement, claimStatement } from '../src/ledger/claim-statement.ts';
import { knownColumns } from '../src/ledger/known-lanes.ts';
import { orderingKeyColumns } from '../src/ledger/ordering-keys.ts';
import { passStatements } from '../src/ledger/pass-turns.ts';
import { postgresStorage } from '../src/postgres-storage.ts';
import { batchTable, batchValues } from '../src/sql/columns.ts';
import { createOwnDatabase, type OwnDatabase } from './support/own-database.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';
import { createWalledSchema } from './support/walled-schema.ts';

/** Tables whose size grows with traffic. */
const hotTables = ['dispatches', 'runs', 'run_history', 'events', 'event_dedupe', 'event_marks', 'dispatch_history', 'attempts', 'gates'];

/** Table that a partition belongs to. */
const parentOf = (table: string): string => table.replace(/(_before)?_\d{8}$/, '');

let database: OwnDatabase;
let test: TestSchema;
let pool: pg.Pool;
let open: () => Storage<pg.ClientBase>;

/** The outcome of a dispatch behind which another follows. */
function followed(dispatch: ClaimedDispatch, lease: BirthLease): SettleItem {
  const item = succeeded(dispatch, { lease });
  const next = newDispatch(dispatch.key.root, { key: { ...dispatch.key, path: `${dispatch.key.path}/next` } });
  return { ...item, run: item.run && { ...item.run, next: [next] } };
}

/** Batches of outcomes of every shape: without runs, with runs that end and that go on, and with dispatches that wait again. */
function outcomesOfEveryShape(dispatch: ClaimedDispatch): readonly SettleItem[] {
  const going = succeeded(dispatch);
  const ending = { ...going, run: going.run && { ...going.run, status: 'succeeded' as const } };
  const waiting = { to: 'pending', delayMs: 1_000, reason: 'retry', unknown: false } as const;
  return [going, ending, { ...going, run: null }].flatMap((item) => [item, { ...item, settlement: waiting }]);
}

/** Calls every method of the hot path, so that each of its statements is prepared. */
async function callEverything(): Promise<void> {
  const storage = open();
  const key = { key: 'order-7', hash: null };
  const lease = { holder: 'worker-a', ttlMs: 30_000, limit: 10 };
  const item = newRunItem(['a', 'b'], { lease });
  await storage.ingest([item, newItem([], { dedupe: key }), newItem([], { dedupe: key })]);
  await storage.ingest([item]);
  const adds = newRunItem(['a', 'b'], { lease: { ...lease, limit: 1 } });
  await storage.ingest([{ ...adds, event: null }, newItem([])]);
  await storage.ingest([newItem([], { plan: null, dedupe: null })]);
  const [mark] = await storage.claimMarks({ holder: 'router', limit: 10, ttlMs: 30_000 });
  const page = { tenant: 'acme', root: mark?.root ?? '', fence: mark?.fence ?? 0, revision: { hub: 0, tenant: 0 }, from: 0, to: 1 };
  const routing = { ...page, considered: [], runs: [], dispatches: [newDispatch(mark?.root ?? '')], last: true };
  await storage.recordRouting([routing]);
  await storage.recordRouting([routing]);
  const claimed = await storage.claim(claimAll());
  await storage.claim({ ...claimAll(), keys: [newDispatch(newId()).key] });
  await storage.claim({ ...claimAll(), kind: 'suspect' });
  await storage.claim({ ...claimAll(), kind: 'suspect', keys: [newDispatch(newId()).key] });
  const held = await storage.extend({ holder: 'worker-a', ttlMs: 30_000 });
  await storage.begin(held);
  await storage.defer([
    {
      tenant: 'acme',
      handle: claimed[0]?.handle ?? '',
      fence: claimed[0]?.fence ?? 0,
      delayMs: 70_000,
      reason: 'drain',
      nothingSent: true,
    },
  ]);
  await storage.defer([{ tenant: 'acme', handle: '1', fence: 1, delayMs: 0, reason: 'drain', nothingSent: true }]);
  await test.advance(80_000);
  const again = await storage.claim(claimAll());
  await storage.settle(again.filter(({ run }) => run !== null).map((dispatch) => followed(dispatch, lease)));
  await storage.settle(again.map((dispatch) => succeeded(dispatch, { lease })));
  await storage.settle(again.map((dispatch) => succeeded(dispatch, { lease })));
  for (const [dispatch] of [again.filter(({ run }) => run !== null)])
    for (const item of dispatch === undefined ? [] : outcomesOfEveryShape(dispatch)) await storage.settle([item]);
  await storage.reopen(
    again.map(({ key: own }) => ({ key: own, round: 1, settlement: { to: 'pending', delayMs: 0, forget: false }, run: null })),
  );
  await orderEverything(storage);
  await storage.nextDue({ handlers: [handler] });
  await storage.gates.open([{ tenant: 'acme', lane: 'connection:1', reason: 'paused' }]);
  await storage.close();
}

const issue = { key: 'issue-1', onDead: 'block' } as const;

/** Two runs of one ordering key: the second waits for the first, which dies, is given up and replayed. */
async function orderEverything(storage: Storage<pg.ClientBase>): Promise<void> {
  const items = ['a', 'b'].map((path) => newRunItem([path]));
  const ordered = items.map((item) => ({
    ...item,
    plan: item.plan && { ...item.plan, dispatches: item.plan.dispatches.map((one) => ({ ...one, ordering: issue })) },
  }));
  await storage.ingest(ordered);
  await storage.ingest([{ ...newItem([], { plan: null, dedupe: null }), inOrder: true }]);
  await storage.claimMarks({ holder: 'router', limit: 10, ttlMs: 30_000 });
  const head = (await storage.claim(claimAll())).find(({ ordering }) => ordering !== null);
  if (head === undefined) throw new Error('The first of the key was to be claimed.');
  const { run, ...dead } = succeeded(head);
  await storage.settle([{ ...dead, run: run && { ...run, status: 'failed' }, settlement: { to: 'dead' } }]);
  await storage.cancel([{ key: head.key, round: 1, settlement: { to: 'cancelled' }, run: null }]);
  await storage.cancelRun({ key: { tenant: 'acme', root: ordered[1]?.root ?? '', automation: newId(), replay: 0 }, revision: 1 });
}

/** The plan that the server would reuse for a prepared statement. */
async function genericPlan(name: string, parameters: number): Promise<string> {
  const nulls = Array.from({ length: parameters }, () => 'null').join(', ');
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain execute "${name}"${parameters === 0 ? '' : `(${nulls})`}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

/** Plans of all statements that are prepared, by name. */
async function genericPlans(): Promise<ReadonlyMap<string, string>> {
  await pool.query('set plan_cache_mode = force_generic_plan');
  const { rows } = await pool.query<{ name: string; parameters: number }>(
    `select name, coalesce(array_length(parameter_types, 1), 0) as parameters from pg_prepared_statements
     where name like 'patchbay_%' order by name`,
  );
  const plans = new Map<string, string>();
  for (const { name, parameters } of rows) plans.set(name.replace(/^patchbay_|_[0-9a-f]{12}$/g, ''), await genericPlan(name, parameters));
  await pool.query('reset plan_cache_mode');
  return plans;
}

function scansOfHotTables(plans: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  for (const [name, plan] of plans) {
    for (const [scan, table] of plan.matchAll(/Seq Scan on (\w+)/g))
      if (hotTables.includes(parentOf(table ?? ''))) found.push(`${name}: ${scan}`);
  }
  return found;
}

async function analyzeTables(): Promise<void> {
  for (const table of hotTables) await test.pool.query(`vacuum (analyze) ${test.schema}.${table}`);
}

/** Copies the dispatch that is ready so often, each copy below a root of its own. */
async function multiply(count: number, changes: string): Promise<void> {
  const { rows } = await test.pool.query<{ names: string }>(
    `select string_agg(column_name, ', ' order by ordinal_position) as names from information_schema.columns
     where table_schema = $1 and table_name = 'dispatches' and column_name not in ('handle', 'root', 'lane', 'due_at', 'parked')`,
    [test.schema],
  );
  const names = rows[0]?.names ?? '';
  await test.pool.query(
    `insert into ${test.schema}.dispatches (handle, root, lane, due_at, parked, ${names})
     select nextval('${test.schema}.dispatch_handles'), gen_random_uuid(), ${changes}, ${names}
     from (select * from ${test.schema}.dispatches where lane = 'connection:1' and not parked limit 1) one, generate_series(1, ${count})`,
  );
}

/** One dispatch that is ready, 5,000 that wait for tomorrow and 5,000 in a lane that is closed. */
async function fill(): Promise<void> {
  await test.clear();
  const storage = open();
  await storage.ingest([newItem([newDispatch(newId())])]);
  await multiply(5_000, "'connection:1', now() + interval '1 day', true");
  await multiply(5_000, "'connection:closed', due_at - interval '1 hour', false");
  await storage.gates.close([{ tenant: 'acme', lane: 'connection:closed', reason: 'breaker', forMs: null }]);
  await storage.close();
}

/** Pages that a statement reads. */
async function pagesRead(statement: Statement, values: readonly unknown[]): Promise<number> {
  const { rows } = await pool.query<{ 'QUERY PLAN': readonly { Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }[] }>(
    `explain (analyze, buffers, format json) ${statement.text(`"${test.schema}"`)}`,
    [...values],
  );
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
  return (plan?.['Shared Hit Blocks'] ?? Number.NaN) + (plan?.['Shared Read Blocks'] ?? Number.NaN);
}

const limits = ['worker-a', 30_000, [handler], 64, 64, '', 12, '', 'replay', false, []];

/** A schema whose rows everybody sees. */
async function openGround(): Promise<() => Promise<void>> {
  test = await createTestSchema(database.url);
  // One connection, so that all statements are prepared on it.
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
  open = () => postgresStorage({ pool, schema: test.schema });
  return () => test.close();
}

/** A schema with row-level security, as an application's role finds it. What is asked here beside the storage looks as a worker. */
async function walledGround(): Promise<() => Promise<void>> {
  const walled = await createWalledSchema(database.url);
  test = walled.owner;
  pool = new pg.Pool({ connectionString: walled.url, max: 1, options: '-c patchbay.scope=worker' });
  open = () => postgresStorage({ pool, schema: test.schema, rowLevelSecurity: 'prepared' });
  return () => walled.close();
}

describe.each([
  ['as the owner', openGround],
  ['behind row-level security', walledGround],
])('%s', (_, makeGround) => {
  let closeGround: () => Promise<void>;

  beforeAll(async () => {
    database = await createOwnDatabase();
    closeGround = await makeGround();
  });
  afterAll(async () => {
    await pool.end();
    await closeGround();
    await database.remove();
  });

  describe('the plans of prepared statements', () => {
    it('go by an index although every table was empty when they were made', async () => {
      await callEverything();
      await test.clear();
      await analyzeTables();
      const plans = await genericPlans();
      const settles = ['plain_going', ...['none', 'ending', 'going'].flatMap((runs) => [`last_${runs}`, `last_${runs}_returns`])];
      const hot = [
        'ingest_usual',
        'ingest_any_adds',
        'ingest_none_marks',
        'claim',
        'claim_keys',
        'claim_known',
        'claim_suspect',
        'begin',
        ...settles.map((shape) => `settle_${shape}`),
        'defer',
        'extend',
        'next_due',
        'record_routing',
      ];
      const ordering = ['claim_marks', 'lock_ordering_keys', 'number_turns', 'pass_turns', 'ordering_keys_of'];
      expect([...plans.keys()]).toEqual(expect.arrayContaining([...hot, ...ordering]));
      expect(scansOfHotTables(plans)).toEqual([]);
      for (const shape of settles) expect(plans.get(`settle_${shape}`)).toContain('Index Scan using dispatches_pkey');
      expect(plans.get('ingest_any_adds')).toMatch(/Index.* Scan using dispatch_history_\d{8}_pkey/);
      // A new event has no history below it: not one of its partitions is opened.
      expect(plans.get('ingest_usual')).not.toMatch(/ on (dispatch|run)_history/);
      expect(plans.get('ingest_usual')).not.toContain('WindowAgg');
      // Runs and dispatches find their events by a hash, not by going through all of them each.
      expect(plans.get('ingest_usual')?.match(/Hash Join/g)).toHaveLength(2);
    });

    it('go by an index when thousands wait', async () => {
      await fill();
      await analyzeTables();
      const plans = await genericPlans();
      expect(scansOfHotTables(plans)).toEqual([]);
      for (const name of ['claim', 'claim_known']) expect(plans.get(name)).toContain('Index Only Scan using dispatches_ready');
      expect(plans.get('claim_known')).toContain('(ROW(work_class, tenant, lane) < ROW(');
    });

    it('do not depend on the size of a batch, so that a statement is not planned anew for each', async () => {
      const fresh = new pg.Pool({ connectionString: database.url, max: 1 });
      const storage = postgresStorage({ pool: fresh, schema: test.schema });
      for (let call = 0; call < 20; call += 1) await storage.ingest([newItem([newDispatch(newId())])]);
      const { rows } = await fresh.query<{ generic: string }>(
        "select generic_plans as generic from pg_prepared_statements where name like 'patchbay_ingest_%'",
      );
      await storage.close();
      await fresh.end();
      // The server looks at five plans of its own before it takes the one that is good for all.
      expect(rows).toEqual([{ generic: '15' }]);
    });
  });

  it('a claim reads few pages although thousands wait for tomorrow and behind a closed gate', async () => {
    await fill();
    await analyzeTables();
    expect(await pagesRead(claimStatement, [...limits, [], [], []])).toBeLessThan(150);
  });

  it('a claim and the passing of a turn read few pages although 10,000 wait behind one ordering key', { timeout: 60_000 }, async () => {
    await test.clear();
    const storage = open();
    const dispatches = ['a', 'b'].map((path) => {
      const dispatch = newDispatch(newId());
      return { ...dispatch, key: { ...dispatch.key, path }, ordering: issue };
    });
    await storage.ingest(dispatches.map((dispatch) => ({ ...newItem([dispatch]), root: dispatch.key.root, event: null })));
    // Copies of what waits, each with the next number.
    const { rows } = await test.pool.query<{ names: string }>(
      `select string_agg(column_name, ', ' order by ordinal_position) as names from information_schema.columns
     where table_schema = $1 and table_name = 'dispatches' and column_name not in ('handle', 'root', 'ordering_number')`,
      [test.schema],
    );
    const names = rows[0]?.names ?? '';
    await test.pool.query(
      `insert into ${test.schema}.dispatches (handle, root, ordering_number, ${names})
     select nextval('${test.schema}.dispatch_handles'), gen_random_uuid(), nextval('${test.schema}.ordering_numbers'), ${names}
     from (select * from ${test.schema}.dispatches where path = 'b') one, generate_series(1, 10000)`,
    );
    await analyzeTables();
    expect(await pagesRead(claimStatement, [...limits, [], [], []])).toBeLessThan(150);
    await test.pool.query(`delete from ${test.schema}.dispatches where path = 'a'`);
    const [pass] = passStatements(batchTable(orderingKeyColumns, { first: 1, alias: 'k', ordinal: 'position' })).slice(-1);
    if (pass === undefined) throw new Error('The passing of turns has two statements.');
    expect(await pagesRead(pass, [['acme'], ['call'], [issue.key]])).toBeLessThan(150);
    expect(await storage.claim(claimAll())).toMatchObject([{ key: { path: 'b', root: dispatches[1]?.key.root } }]);
    await storage.close();
  });

  it('a claim of the lanes that are known steps over nothing that was taken while a transaction of somebody else stays open', {
    timeout: 60_000,
  }, async () => {
    await test.clear();
    await analyzeTables();
    const host = await test.pool.connect();
    await host.query('begin isolation level repeatable read');
    await host.query('select');
    const storage = open();
    const database = openDatabase({ pool, schema: test.schema, prepare: true }).within(nobody);
    const cursor = createClaimCursor();
    for (let turn = 0; turn < 60; turn += 1) {
      await storage.ingest(Array.from({ length: 40 }, () => newItem([newDispatch(newId())])));
      const claimed = await claimReady(database, cursor, claimAll({ limit: 40 }));
      expect(claimed).toHaveLength(40);
      await storage.settle(claimed.map((dispatch) => succeeded(dispatch)));
      await test.advance(100);
    }
    const known = cursor.known.all();
    expect(known).toHaveLength(1);
    const pages = await pagesRead(claimKnownStatement, [...limits, ...batchValues(knownColumns, known)]);
    const everywhere = await pagesRead(claimStatement, [...limits, [], [], []]);
    await host.query('rollback');
    host.release();
    await storage.close();
    // The look from the start shows that there is something to step over.
    expect(everywhere).toBeGreaterThan(100);
    expect(pages).toBeLessThan(50);
  });

  describe('the pages of history', () => {
    const dayMs = 86_400_000;
    const idOf = (daysAhead: number): string => uuidGenerator({ now: () => Date.now() + daysAhead * dayMs }, (bytes) => bytes.fill(0))();

    /** The plan of a prepared statement with these values, as it is made for all values. */
    async function planOf(name: string, values: readonly (string | number | null)[]): Promise<string> {
      const { rows } = await pool.query<{ name: string }>('select name from pg_prepared_statements where name like $1', [
        `patchbay_${name}_%`,
      ]);
      const literals = values.map((value) => (value === null ? 'null' : `'${value}'`)).join(', ');
      await pool.query('set plan_cache_mode = force_generic_plan');
      const plan = await pool.query<{ 'QUERY PLAN': string }>(
        `explain (analyze, costs off, timing off) execute "${rows[0]?.name}"(${literals})`,
      );
      await pool.query('reset plan_cache_mode');
      return plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    }

    it('look under a window at its own partitions alone, by their keys, and sort nothing', async () => {
      await test.clear();
      const storage = open();
      const days = [-20, 1, 20, 40];
      for (const day of days) await storage.ingest([newItem([], { root: idOf(day) })]);
      const window = { from: idOf(19), below: idOf(21) };
      for (const order of ['newest', 'oldest'] as const) {
        const found = await storage.history.events('acme', window, { cursor: null, limit: 10, order });
        expect(found.items).toHaveLength(1);
      }
      await storage.close();
      await analyzeTables();
      for (const name of ['events_asc', 'events_desc']) {
        const plan = await planOf(name, ['acme', window.from, window.below, null, null, null, null, null, 11]);
        expect(plan).toContain('Subplans Removed');
        expect(new Set(plan.match(/ on events_\w+/g))).toHaveLength(1);
        expect(plan).toMatch(/Index Scan (Backward )?using events_\d{8}_pkey/);
        expect(plan).not.toMatch(/Seq Scan|Sort/);
      }
    });

    it('read the deliveries of an endpoint by an index of their own, whatever the others have', async () => {
      await test.clear();
      const storage = open();
      const roots = Array.from({ length: 400 }, () => newId());
      const targetOf = (index: number): string => `endpoint:${index % 20 === 0 ? 'rare' : 'busy'}`;
      const delivery = (root: string, index: number) => {
        const { key, ...rest } = newDispatch(root);
        return newItem([{ ...rest, handler: 'delivery', lane: targetOf(index), key: { ...key, target: targetOf(index) } }]);
      };
      await storage.ingest(roots.map(delivery));
      const claim = () => storage.claim({ ...claimAll(), handlers: ['delivery'] });
      for (let claimed = await claim(); claimed.length > 0; claimed = await claim())
        await storage.settle(claimed.map((dispatch) => succeeded(dispatch)));
      const [from = '', below = ''] = [roots[200], roots[300]];
      for (const order of ['newest', 'oldest'] as const) {
        const page = { cursor: null, limit: 10, order };
        expect((await storage.history.dispatches('acme', { target: 'endpoint:rare', from, below }, page)).items).toHaveLength(5);
      }
      await storage.close();
      await analyzeTables();
      for (const name of ['deliveries_asc', 'deliveries_desc']) {
        const plan = await planOf(name, ['acme', null, 'endpoint:rare', ...Array(6).fill(null), 11, null, from, below]);
        expect(plan).toMatch(/Index Scan (Backward )?using dispatch_history_\w+_tenant_target_root\w*/);
        expect(plan).not.toMatch(/Seq Scan on dispatch_history/);
        // Behind row-level security an id cannot be compared by the index: then the endpoint's own 20 are looked at, and no others.
        const removed = [...plan.matchAll(/Rows Removed by Filter: (\d+)/g)].map(([, count]) => Number(count));
        expect(Math.max(0, ...removed)).toBeLessThan(20);
      }
    });

    it('read the dead by an index of their own, however much has succeeded', async () => {
      await test.clear();
      const storage = open();
      const roots = Array.from({ length: 400 }, () => newId());
      await storage.ingest(roots.map((root) => newItem([newDispatch(root)])));
      for (let claimed = await storage.claim(claimAll()); claimed.length > 0; claimed = await storage.claim(claimAll()))
        await storage.settle(
          claimed.map((dispatch) => {
            const item = succeeded(dispatch);
            return dispatch.key.root === roots[7] ? { ...item, settlement: { to: 'dead' } } : item;
          }),
        );
      for (const order of ['newest', 'oldest'] as const)
        expect((await storage.history.dispatches('acme', { status: 'dead' }, { cursor: null, limit: 10, order })).items).toHaveLength(1);
      await storage.close();
      await analyzeTables();
      for (const name of ['dead_dispatches_asc', 'dead_dispatches_desc']) {
        const plan = await planOf(name, ['acme', null, null, null, 'dead', null, null, null, null, 11, null, null, null]);
        expect(plan).toMatch(/Index Scan (Backward )?using dispatch_history_\d{8}_tenant_root\w*/);
        expect(plan).not.toMatch(/Seq Scan|Sort|Rows Removed/);
      }
    });
  });
});
