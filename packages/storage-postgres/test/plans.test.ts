import type { BirthLease, ClaimedDispatch, SettleItem } from '@patchbay/core/adapter';
import { uuidGenerator } from '@patchbay/core/adapter';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { claimStatement } from '../src/ledger/claim-statement.ts';
import { postgresStorage } from '../src/postgres-storage.ts';
import { claimAll, handler, newDispatch, newId, newItem, newRunItem, succeeded } from './support/records.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

/** Tables whose size grows with traffic. */
const hotTables = ['dispatches', 'runs', 'run_history', 'events', 'event_dedupe', 'event_marks', 'dispatch_history', 'attempts', 'gates'];

/** Table that a partition belongs to. */
const parentOf = (table: string): string => table.replace(/(_before)?_\d{8}$/, '');

let test: TestSchema;
let pool: pg.Pool;

beforeAll(async () => {
  test = await createTestSchema();
  // One connection, so that all statements are prepared on it.
  pool = new pg.Pool({ connectionString: inject('databaseUrl'), max: 1 });
});
afterAll(async () => {
  await pool.end();
  await test.close();
});

/** The outcome of a dispatch behind which another follows. */
function followed(dispatch: ClaimedDispatch, lease: BirthLease): SettleItem {
  const item = succeeded(dispatch, { lease });
  const next = newDispatch(dispatch.key.root, { key: { ...dispatch.key, path: `${dispatch.key.path}/next` } });
  return { ...item, run: item.run && { ...item.run, next: [next] } };
}

/** Calls every method of the hot path, so that each of its statements is prepared. */
async function callEverything(): Promise<void> {
  const storage = postgresStorage({ pool, schema: test.schema });
  const key = { key: 'order-7', hash: null };
  const lease = { holder: 'worker-a', ttlMs: 30_000, limit: 10 };
  const item = newRunItem(['a', 'b'], { lease });
  await storage.ingest([item, newItem([], { dedupe: key }), newItem([], { dedupe: key })]);
  await storage.ingest([item]);
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
  await storage.reopen(
    again.map(({ key: own }) => ({ key: own, round: 1, settlement: { to: 'pending', delayMs: 0, forget: false }, run: null })),
  );
  await storage.nextDue({ handlers: [handler] });
  await storage.gates.open([{ tenant: 'acme', lane: 'connection:1', reason: 'paused' }]);
  await storage.close();
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
  for (const table of hotTables) await pool.query(`vacuum (analyze) ${test.schema}.${table}`);
}

/** Copies the dispatch that is ready so often, each copy below a root of its own. */
async function multiply(count: number, changes: string): Promise<void> {
  const { rows } = await pool.query<{ names: string }>(
    `select string_agg(column_name, ', ' order by ordinal_position) as names from information_schema.columns
     where table_schema = $1 and table_name = 'dispatches' and column_name not in ('handle', 'root', 'lane', 'due_at', 'parked')`,
    [test.schema],
  );
  const names = rows[0]?.names ?? '';
  await pool.query(
    `insert into ${test.schema}.dispatches (handle, root, lane, due_at, parked, ${names})
     select nextval('${test.schema}.dispatch_handles'), gen_random_uuid(), ${changes}, ${names}
     from (select * from ${test.schema}.dispatches where lane = 'connection:1' and not parked limit 1) one, generate_series(1, ${count})`,
  );
}

/** One dispatch that is ready, 5,000 that wait for tomorrow and 5,000 in a lane that is closed. */
async function fill(): Promise<void> {
  await test.clear();
  const storage = postgresStorage({ pool, schema: test.schema });
  await storage.ingest([newItem([newDispatch(newId())])]);
  await multiply(5_000, "'connection:1', now() + interval '1 day', true");
  await multiply(5_000, "'connection:closed', due_at - interval '1 hour', false");
  await storage.gates.close([{ tenant: 'acme', lane: 'connection:closed', reason: 'breaker', forMs: null }]);
  await storage.close();
}

describe('the plans of prepared statements', () => {
  it('go by an index although every table was empty when they were made', async () => {
    await callEverything();
    await test.clear();
    await analyzeTables();
    const plans = await genericPlans();
    const hot = [
      'ingest',
      'claim',
      'claim_keys',
      'claim_suspect',
      'begin',
      'settle',
      'settle_last',
      'defer',
      'extend',
      'next_due',
      'record_routing',
    ];
    expect([...plans.keys()]).toEqual(expect.arrayContaining(hot));
    expect(scansOfHotTables(plans)).toEqual([]);
    for (const name of ['settle', 'settle_last']) expect(plans.get(name)).toContain('Index Scan using dispatches_pkey');
    expect(plans.get('ingest')).toMatch(/Index.* Scan using dispatch_history_\d{8}_pkey/);
  });

  it('go by an index when thousands wait', async () => {
    await fill();
    await analyzeTables();
    const plans = await genericPlans();
    expect(scansOfHotTables(plans)).toEqual([]);
    expect(plans.get('claim')).toContain('Index Only Scan using dispatches_ready');
  });

  it('do not depend on the size of a batch, so that a statement is not planned anew for each', async () => {
    const fresh = new pg.Pool({ connectionString: inject('databaseUrl'), max: 1 });
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
  const { rows } = await pool.query<{ 'QUERY PLAN': readonly { Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }[] }>(
    `explain (analyze, buffers, format json) ${claimStatement.text(`"${test.schema}"`)}`,
    ['worker-a', 30_000, [handler], 64, 64, '', 12, '', '', 'replay', false],
  );
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
  expect((plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0)).toBeLessThan(150);
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
    const storage = postgresStorage({ pool, schema: test.schema });
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

  it('read the dead by an index of their own, however much has succeeded', async () => {
    await test.clear();
    const storage = postgresStorage({ pool, schema: test.schema });
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
      const plan = await planOf(name, ['acme', null, null, null, 'dead', null, null, null, null, 11]);
      expect(plan).toMatch(/Index Scan (Backward )?using dispatch_history_\d{8}_tenant_root\w*/);
      expect(plan).not.toMatch(/Seq Scan|Sort|Rows Removed/);
    }
  });
});
