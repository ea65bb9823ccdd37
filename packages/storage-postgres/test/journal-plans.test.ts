import { journalEntry } from '@patchbay/storage-records';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import { createTestSchema } from './support/test-schema.ts';
import { createWalledSchema } from './support/walled-schema.ts';

/** Where the plans are made: a schema, one connection, so that all statements are prepared on it, and how rows are guarded. */
interface Ground {
  readonly schema: string;
  readonly owner: pg.Pool;
  readonly pool: pg.Pool;
  readonly rowLevelSecurity: 'off' | 'prepared';
  close(): Promise<void>;
}

async function openGround(): Promise<Ground> {
  const { schema, pool: owner, close } = await createTestSchema();
  return { schema, owner, pool: new pg.Pool({ connectionString: inject('databaseUrl'), max: 1 }), rowLevelSecurity: 'off', close };
}

/** What is asked here beside the storage looks as a worker. */
async function walledGround(): Promise<Ground> {
  const { owner, url, close } = await createWalledSchema();
  const pool = new pg.Pool({ connectionString: url, max: 1, options: '-c patchbay.scope=worker' });
  return { schema: owner.schema, owner: owner.pool, pool, rowLevelSecurity: 'prepared', close };
}

const now = 1_790_000_000_000;

/** 20 tenants with 1,000 requests each, about 5 subjects of their own, and as many checks; one entry each millisecond, half of them before now. */
async function fill({ schema, owner }: Ground): Promise<void> {
  await owner.query(`
    insert into ${schema}.journal_entries (tenant, stream, id, subject, verdict, at, value)
    select 'tenant-' || n % 20, stream, ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, n % 20 || '-' || n / 20 % 5,
      case n % 7 when 0 then 'failed' else 'ok' end, ${schema}.moment(${now - 10_000}::float8 + n), '{}'
    from generate_series(1, 20000) n, unnest(array['request', 'check']) stream`);
  await owner.query(`vacuum (analyze) ${schema}.journal_entries`);
}

/** Calls everything, so that each statement is prepared. */
async function callEverything({ pool, schema, rowLevelSecurity }: Ground): Promise<void> {
  const storage = postgresStorage({ pool, schema, rowLevelSecurity });
  const { journal } = storage;
  const page = { stream: 'request', cursor: null, limit: 10 };
  await journal.append([journalEntry({ tenant: 'initech' })]);
  await journal.page('tenant-3', page);
  await journal.page('tenant-3', { ...page, subject: '3-2' });
  await journal.prune({ stream: 'request', before: 0, limit: 10 });
  await journal.prune({ stream: 'request', before: 0, limit: 10, tenant: 'tenant-3' });
  await storage.close();
}

/** The plan of a prepared statement as it is made for all values, carried out with these. */
async function planOf({ pool }: Ground, name: string, values: readonly (string | number | null)[]): Promise<string> {
  const { rows } = await pool.query<{ name: string }>('select name from pg_prepared_statements where name ~ $1', [
    `^patchbay_${name}_[0-9a-f]{12}$`,
  ]);
  const literals = values.map((value) => (value === null ? 'null' : `'${value}'`)).join(', ');
  await pool.query('begin; set local plan_cache_mode = force_generic_plan');
  const plan = await pool.query<{ 'QUERY PLAN': string }>(
    `explain (analyze, costs off, timing off) execute "${rows[0]?.name}"(${literals})`,
  );
  await pool.query('rollback');
  return plan.rows.map((row) => row['QUERY PLAN']).join('\n');
}

const behindAll = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const middle = '01900000-0000-7000-8000-000000010000';
const wholeScan = /Seq Scan|Sort|Bitmap/;

describe.each([
  ['as the owner', openGround],
  ['behind row-level security', walledGround],
])('the plans of the journal, %s', (_, makeGround) => {
  let ground: Ground;

  beforeAll(async () => {
    ground = await makeGround();
    await fill(ground);
    await callEverything(ground);
  });
  afterAll(async () => {
    await ground.pool.end();
    await ground.close();
  });

  it.each([behindAll, middle])('read a page of a stream from its place on, and no more than the page (%s)', async (place) => {
    const plan = await planOf(ground, 'journal', ['tenant-3', 'request', null, null, null, null, place, 11]);
    expect(plan).toMatch(/Index Scan Backward using journal_entries_pkey on journal_entries \w+ \(actual rows=11(\.00)? /);
    expect(plan).toMatch(/Index Cond: .*tenant = \$1.*stream = \$2.*id < \$7/);
    expect(plan).not.toMatch(wholeScan);
    expect(plan).not.toContain('Rows Removed');
  });

  it.each([behindAll, middle])('read a page of a subject from its place on, and no more than the page (%s)', async (place) => {
    const plan = await planOf(ground, 'journal_of_subject', ['tenant-3', 'request', '3-2', null, null, null, place, 11]);
    expect(plan).toMatch(/Index Scan using journal_entries_subject on journal_entries \w+ \(actual rows=11(\.00)? /);
    expect(plan).toMatch(/Index Cond: .*tenant = \$1.*stream = \$2.*subject = \$3.*id < \$7/);
    expect(plan).not.toMatch(wholeScan);
    expect(plan).not.toContain('Rows Removed');
  });

  it('find what is old of all tenants, or of one, by its age', async () => {
    const all = await planOf(ground, 'prune_journal', ['request', now, 100]);
    expect(all).toMatch(/Index Scan using journal_entries_age on journal_entries \w+ \(actual rows=100(\.00)? /);
    const one = await planOf(ground, 'prune_journal_of_tenant', ['request', now, 100, 'tenant-3']);
    expect(one).toMatch(/Index Scan using journal_entries_age_of_tenant on journal_entries \w+ \(actual rows=100(\.00)? /);
    for (const plan of [all, one]) {
      expect(plan).not.toMatch(wholeScan);
      expect(plan).not.toContain('Rows Removed');
    }
  });
});
