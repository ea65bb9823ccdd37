import { claimAll, newItem, succeeded } from '@patchbay/storage-records';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../src/database/database.ts';
import { nobody } from '../src/database/scope.ts';
import { postgresStorage } from '../src/postgres-storage.ts';
import { checkTables } from '../src/schema/check-tables.ts';
import { applyMigrations, migrate } from '../src/schema/migrate.ts';
import type { Migration } from '../src/schema/migration.ts';
import { migrationScript } from '../src/schema/migration-script.ts';
import { migrations } from '../src/schema/migrations.ts';
import { fillFirstVersion } from './support/fill-first-version.ts';

let pool: pg.Pool;
let schema = '';

beforeAll(() => {
  pool = new pg.Pool({ connectionString: inject('databaseUrl'), max: 10 });
  pool.on('error', () => {});
});
afterEach(async () => {
  if (schema !== '') await pool.query(`drop schema if exists ${schema} cascade`);
  schema = '';
});
afterAll(() => pool.end());

const newSchema = (): string => {
  schema = `t_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
  return schema;
};

const newest = migrations.length;
const open = (name: string) => openDatabase({ pool, schema: name, prepare: false }).within(nobody);
const versions = async (name: string): Promise<number[]> =>
  (await pool.query<{ version: number }>(`select version from ${name}.migrations order by 1`)).rows.map(({ version }) => version);

/** A migration that comes after all that are known. */
const addition = (changes: Partial<Migration> = {}): Migration => ({
  version: newest + 1,
  name: 'next_things',
  compatibleFrom: 1,
  statements: (quoted) => [`create table ${quoted}.next_things (id integer)`],
  ...changes,
});

const notReady = (...parts: string[]) => ({
  code: 'not_ready',
  message: expect.stringMatching(new RegExp(parts.map((part) => part.replace(/[().]/g, '\\$&')).join('.*'))),
});

describe('migrate', () => {
  it('installs each migration once, however many processes ask at once', async () => {
    const name = newSchema();
    const results = await Promise.all(Array.from({ length: 8 }, () => migrate({ pool, schema: name })));
    expect(await versions(name)).toEqual(migrations.map(({ version }) => version));
    const applied = results.flatMap((result) => result.applied.map(({ version }) => version));
    expect(applied.sort((one, other) => one - other)).toEqual(migrations.map(({ version }) => version));
    expect(new Set(results.map(({ version }) => version))).toEqual(new Set([newest]));
  });

  it('counts its migrations from 1 without gaps', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('changes nothing when it is called again, and waits for nobody who writes', async () => {
    const name = newSchema();
    const storage = postgresStorage({ pool, schema: name });
    await storage.ready({ migrate: true });
    const item = newItem();
    const host = await pool.connect();
    await host.query('begin');
    await storage.ingest([{ ...item, plan: null }], { transaction: host });
    await storage.ready({ migrate: true });
    expect((await migrate({ pool, schema: name })).applied).toEqual([]);
    await host.query('commit');
    host.release();
    expect(await storage.history.event('acme', item.root)).not.toBeNull();
    await storage.close();
  });

  it('takes up what a killed one has left', async () => {
    const name = newSchema();
    await migrate({ pool, schema: name });
    const holder = await pool.connect();
    await holder.query('begin');
    await holder.query(`lock table ${name}.gates in access share mode`);
    const known = [
      ...migrations,
      addition({
        statements: (quoted) => [`create table ${quoted}.half (id integer)`, `alter table ${quoted}.gates add column note text`],
      }),
    ];
    const killed = applyMigrations(open(name), known);
    const outcome = expect(killed).rejects.toMatchObject({ code: 'storage_unavailable' });
    let waiting: number | undefined;
    while (waiting === undefined) {
      const { rows } = await pool.query<{ pid: number }>('select pid from pg_locks where not granted and relation = $1::regclass', [
        `${name}.gates`,
      ]);
      waiting = rows[0]?.pid;
    }
    await pool.query('select pg_terminate_backend($1)', [waiting]);
    await outcome;
    await holder.query('rollback');
    holder.release();
    expect(await versions(name)).not.toContain(newest + 1);
    expect((await applyMigrations(open(name), known)).applied).toEqual([{ version: newest + 1, name: 'next_things' }]);
  });

  it('gives way to a transaction that holds a table, and changes nothing', { timeout: 20_000 }, async () => {
    const name = newSchema();
    await migrate({ pool, schema: name });
    const holder = await pool.connect();
    await holder.query('begin');
    await holder.query(`lock table ${name}.gates in access share mode`);
    const known = [
      ...migrations,
      addition({
        statements: (quoted) => [`create table ${quoted}.half (id integer)`, `alter table ${quoted}.gates add column note text`],
      }),
    ];
    await expect(applyMigrations(open(name), known)).rejects.toMatchObject({
      code: 'storage_unavailable',
      retryable: true,
      message: expect.stringContaining('gave way'),
    });
    await holder.query('rollback');
    holder.release();
    expect((await pool.query(`select from pg_tables where schemaname = '${name}' and tablename = 'half'`)).rowCount).toBe(0);
  });

  it('refuses a migration that was installed with other statements', async () => {
    const name = newSchema();
    const installed = addition();
    await applyMigrations(open(name), [...migrations, installed]);
    const changed = addition({ statements: (quoted) => [`create table ${quoted}.next_things (id bigint)`] });
    const refusal = notReady(`Migration ${newest + 1} (next_things)`, 'other statements');
    await expect(applyMigrations(open(name), [...migrations, changed])).rejects.toMatchObject(refusal);
    await expect(checkTables(open(name), [...migrations, changed])).rejects.toMatchObject(refusal);
  });

  it('leaves tables alone that no migration on record has made', async () => {
    const name = newSchema();
    await pool.query(`create schema ${name}; create table ${name}.events (id integer); insert into ${name}.events values (7)`);
    await expect(migrate({ pool, schema: name })).rejects.toMatchObject(notReady('holds tables', 'nothing was changed'));
    expect((await pool.query(`select id from ${name}.events`)).rows).toEqual([{ id: 7 }]);
  });

  it('says by which command, where the role may not create', async () => {
    const role = `r_${crypto.randomUUID().slice(0, 8)}`;
    await pool.query(`create role ${role} login`);
    const url = new URL(inject('databaseUrl'));
    url.username = role;
    const powerless = new pg.Pool({ connectionString: url.href });
    const name = newSchema();
    await expect(migrate({ pool: powerless, schema: name })).rejects.toMatchObject(
      notReady('may not create', `npx patchbay-postgres migrate --schema ${name}`, 'npx patchbay-postgres sql'),
    );
    await powerless.end();
    await pool.query(`drop role ${role}`);
  });

  for (const name of ['', 'Patchbay', 'a-b', 'a"; drop table x; --', 'pg_own', '1st', 'x'.repeat(49)]) {
    it(`refuses "${name}" as the name of a schema`, async () => {
      await expect(migrate({ pool, schema: name })).rejects.toMatchObject({ code: 'invalid_argument' });
      expect(() => postgresStorage({ pool, schema: name })).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    });
  }
});

describe('the migrations behind the first', () => {
  it('lose nothing of what is in the tables, and let it go on', async () => {
    const name = newSchema();
    await applyMigrations(open(name), migrations.slice(0, 1));
    const rows = await fillFirstVersion(pool, name);
    expect((await migrate({ pool, schema: name })).applied.map(({ version }) => version)).toEqual(
      migrations.slice(1).map(({ version }) => version),
    );
    const storage = postgresStorage({ pool, schema: name });
    await storage.ready();
    const { history } = storage;
    const target = `automation:${rows.automation}`;
    const ended = { tenant: 'acme', root: rows.ended, target, replay: 0, path: 'ticket' };
    expect((await history.events('acme', {}, { cursor: null, limit: 500 })).items).toHaveLength(500);
    expect((await history.runs('acme', {}, { cursor: null, limit: 10 })).items.map(({ status }) => status)).toEqual([
      'running',
      'succeeded',
    ]);
    expect(await history.dispatch(ended)).toMatchObject({ status: 'succeeded', output: '{"key":"OPS-1"}' });
    expect((await history.attempts(ended)).map(({ outcome }) => outcome)).toEqual(['failed', 'succeeded']);
    expect(await history.lastReplay('acme', rows.ended, target)).toBe(0);
    expect(await storage.claimMarks({ holder: 'router', limit: 5, ttlMs: 30_000 })).toMatchObject([{ root: rows.marked }]);
    expect(await storage.ingest([newItem([], { dedupe: { key: `delivery:${rows.open}`, hash: null } })])).toMatchObject([
      { status: 'duplicate', root: rows.open },
    ]);
    const claimed = await storage.claim(claimAll());
    expect(claimed).toMatchObject([{ key: { root: rows.open }, run: { status: 'running', revision: 1 } }]);
    const items = claimed
      .map((dispatch) => succeeded(dispatch))
      .map((item) => ({ ...item, run: item.run && { ...item.run, status: 'succeeded' as const } }));
    expect(await storage.settle(items)).toEqual([{ status: 'settled', leased: [] }]);
    expect((await history.runs('acme', { status: 'succeeded' }, { cursor: null, limit: 10 })).items).toHaveLength(2);
    expect(await storage.ingest([newItem()])).toMatchObject([{ status: 'created' }]);
    await storage.close();
  });
});

describe('ready', () => {
  it('makes nothing by itself, and says what does', async () => {
    const name = newSchema();
    const storage = postgresStorage({ pool, schema: name });
    await expect(storage.ready()).rejects.toMatchObject(
      notReady('no tables', `npx patchbay-postgres migrate --schema ${name}`, 'start({ migrate: true })'),
    );
    expect((await pool.query(`select from pg_namespace where nspname = '${name}'`)).rowCount).toBe(0);
    await storage.ready({ migrate: true });
    await storage.ready();
    await storage.close();
  });

  it('names the migration that is missing', async () => {
    const name = newSchema();
    await migrate({ pool, schema: name });
    await expect(checkTables(open(name), [...migrations, addition()])).rejects.toMatchObject(
      notReady(`lacks migration ${newest + 1} (next_things)`, 'npx patchbay-postgres migrate'),
    );
  });

  it('accepts tables of a newer package that has only added to them', async () => {
    const name = newSchema();
    await applyMigrations(open(name), [...migrations, addition({ compatibleFrom: newest })]);
    const storage = postgresStorage({ pool, schema: name });
    await storage.ready();
    expect(await storage.ingest([newItem()])).toMatchObject([{ status: 'created' }]);
    await storage.close();
  });

  it('accepts the newest tables in a package that lacks the newest migration, as while processes are replaced one by one', async () => {
    const name = newSchema();
    await migrate({ pool, schema: name });
    await checkTables(open(name), migrations.slice(0, -1));
    await applyMigrations(open(name), migrations.slice(0, -1));
  });

  it('refuses tables of a newer package that says so', async () => {
    const name = newSchema();
    await applyMigrations(open(name), [...migrations, addition({ compatibleFrom: newest + 1 })]);
    const storage = postgresStorage({ pool, schema: name });
    const refusal = notReady(`version ${newest + 1}`, 'Deploy a newer package');
    await expect(storage.ready()).rejects.toMatchObject(refusal);
    await expect(storage.ready({ migrate: true })).rejects.toMatchObject(refusal);
    await storage.close();
  });
});

describe('the script of the migrations', () => {
  it('makes what migrate makes', async () => {
    const name = newSchema();
    await pool.query(migrationScript(`"${name}"`, 0));
    expect((await migrate({ pool, schema: name })).applied).toEqual([]);
    expect(await versions(name)).toEqual(migrations.map(({ version }) => version));
  });

  it('goes on behind a version', async () => {
    const name = newSchema();
    await applyMigrations(open(name), migrations.slice(0, 1));
    await pool.query(migrationScript(`"${name}"`, 1));
    await checkTables(open(name));
  });
});
