import { isPatchbayError, type PatchbayError } from '@patchbay/core';
import { newId, newItem } from '@patchbay/storage-records';
import pg, { type Pool } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCommand } from '../src/command/run-command.ts';
import { enterText } from '../src/database/scope-texts.ts';
import { maintain } from '../src/maintenance/maintain.ts';
import { postgresStorage } from '../src/postgres-storage.ts';
import type { RowLevelSecurity } from '../src/wall/check-wall.ts';
import { disableRowLevelSecurity, enableRowLevelSecurity } from '../src/wall/set-wall.ts';
import { createWalledSchema, type WalledSchema } from './support/walled-schema.ts';

let walled: WalledSchema;
let schema: string;
let role: string;
const closings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  walled = await createWalledSchema();
  schema = walled.owner.schema;
  role = walled.role;
});
afterEach(async () => {
  for (const close of closings.splice(0).toReversed()) await close();
});
afterAll(() => walled.close());

const owner = (text: string): Promise<unknown> => walled.owner.pool.query(text);

/** Has the owner do something for the time of one test. */
async function during(text: string, back: string): Promise<void> {
  closings.push(() => owner(back));
  await owner(text);
}

function open(pool: Pool, rowLevelSecurity: RowLevelSecurity) {
  const storage = postgresStorage({ pool, schema, rowLevelSecurity, notify: false });
  closings.push(() => storage.close());
  return storage;
}

async function refusal(act: Promise<unknown>): Promise<PatchbayError> {
  const error: unknown = await act.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (isPatchbayError(error)) return error;
  throw new Error('The call went through.');
}

/** Faults that a start finds; a new session each, as some faults are of sessions. */
async function faults(settings = ''): Promise<readonly string[]> {
  const error = await refusal(open(walled.open(settings), 'required').ready());
  expect(error.code).toBe('not_ready');
  expect(error.message).toContain('Row-level security does not hold for this role. 1: ');
  return error.details['faults'] as readonly string[];
}

const holds = async (): Promise<void> => expect(await open(walled.open(), 'required').ready()).toBeUndefined();

const gates = (): string => `${schema}.gates`;

describe('the check at the start', () => {
  it('passes a role that owns nothing, on tables as they were made', holds);

  it('refuses the owner, and a superuser', async () => {
    const error = await refusal(open(walled.owner.pool, 'required').ready());
    expect(error.message).toMatch(/no policy binds \(.*\): connect as a role of its own/);
    expect(error.message).toMatch(/the role owns, or may become the owner of, (\w+, )*attempts/);
  });

  it('refuses BYPASSRLS, and whoever may become such a role', async () => {
    await during(`alter role ${role} bypassrls`, `alter role ${role} nobypassrls`);
    expect(await faults()).toEqual([expect.stringContaining(`no policy binds (${role})`)]);
    await owner(`alter role ${role} nobypassrls`);
    const other = `other_${schema}`;
    await during(`create role ${other} bypassrls; grant ${other} to ${role}`, `drop role ${other}`);
    expect(await faults()).toEqual([expect.stringContaining(`no policy binds (${other})`)]);
  });

  it('refuses who may become the owner', async () => {
    const other = `owner_${schema}`;
    await during(
      `create role ${other}; grant usage on schema ${schema} to ${other}; alter table ${gates()} owner to ${other}; grant ${other} to ${role}`,
      `alter table ${gates()} owner to current_user; drop owned by ${other}; drop role ${other}`,
    );
    expect(await faults()).toEqual([expect.stringContaining('may become the owner of, gates')]);
  });

  it.each([
    ['the role', () => [`alter role ${role} set patchbay.scope = 'worker'`, `alter role ${role} reset all`]],
    ['the tenants', () => [`alter role ${role} set patchbay.tenants = '["acme"]'`, `alter role ${role} reset all`]],
  ] as const)('refuses a scope that is set for every session: %s', async (_, change) => {
    const [text, back] = change();
    await during(text ?? '', back ?? '');
    expect(await faults()).toEqual([expect.stringContaining('a scope is set for every session')]);
  });

  it('refuses a session without row_security', async () => {
    expect(await faults('-c row_security=off')).toEqual(['row_security is off for the session: reset it']);
  });

  it('refuses a table, or a partition, on which it is not enabled, and names the command', async () => {
    await during(
      `alter table ${schema}.credentials disable row level security`,
      `alter table ${schema}.credentials enable row level security`,
    );
    expect(await faults()).toEqual([
      `row-level security is not enabled on credentials: run "npx patchbay-postgres enable-row-security --schema ${schema}"`,
    ]);
    await owner(`alter table ${schema}.credentials enable row level security`);
    const { rows } = await walled.owner.pool.query(
      `select inhrelid::regclass::text as leaf from pg_inherits where inhparent = '${schema}.events'::regclass`,
    );
    const leaf = String(rows[0].leaf);
    await during(`alter table ${leaf} disable row level security`, `alter table ${leaf} enable row level security`);
    expect(await faults()).toEqual([expect.stringContaining(`not enabled on ${leaf.replace(`${schema}.`, '')}:`)]);
  });

  it.each(['truncate', 'references', 'trigger'])('refuses a role that may %s', async (privilege) => {
    await during(`grant ${privilege} on ${schema}.runs to ${role}`, `revoke ${privilege} on ${schema}.runs from ${role}`);
    expect(await faults()).toEqual([expect.stringContaining('may truncate, refer to or put triggers on runs')]);
  });

  const restore = (): string =>
    `do $$ declare condition text; begin
       select pg_get_expr(polqual, polrelid) into condition from pg_policy where polrelid = '${gates()}'::regclass and polname = 'tenants';
       execute 'drop policy if exists tenants on ${schema}.runs';
       execute 'create policy tenants on ${schema}.runs using (' || condition || ')';
     end $$`;

  it.each([
    ['lacks its policy', () => `drop policy tenants on ${schema}.runs`],
    ['has one that lets all through', () => `alter policy tenants on ${schema}.runs using (true)`],
    ['has one that checks less of what is written', () => `alter policy tenants on ${schema}.runs with check (true)`],
    ['has one for some roles', () => `alter policy tenants on ${schema}.runs to pg_monitor`],
  ] as const)('refuses a table that %s', async (_, text) => {
    await during(text(), restore());
    expect(await faults()).toEqual([expect.stringContaining('runs lacks the policy "tenants"')]);
    await owner(restore());
    await holds();
  });

  it('refuses a policy beside that of the tenants, on a table or a partition', async () => {
    await during(`create policy mine on ${schema}.runs using (true)`, `drop policy if exists mine on ${schema}.runs`);
    expect(await faults()).toEqual([expect.stringContaining('runs lacks the policy')]);
    await owner(`drop policy mine on ${schema}.runs`);
    const { rows } = await walled.owner.pool.query(
      `select inhrelid::regclass::text as leaf from pg_inherits where inhparent = '${schema}.events'::regclass`,
    );
    const leaf = String(rows[0].leaf);
    await during(`create policy mine on ${leaf} using (true)`, `drop policy mine on ${leaf}`);
    expect(await faults()).toEqual([expect.stringContaining('lacks the policy')]);
  });

  it('finds by trial that the policies of all tables let too much through', async () => {
    const { rows } = await walled.owner.pool.query<{ table: string; condition: string }>(
      `select polrelid::regclass::text as table, pg_get_expr(polqual, polrelid) as condition from pg_policy where polname = 'tenants'
         and polrelid in (select oid from pg_class where relnamespace = '${schema}'::regnamespace)`,
    );
    const set = (more: string): string =>
      rows.map(({ table, condition }) => `alter policy tenants on ${table} using (${condition}${more})`).join(';');
    await during(set(' or true'), set(''));
    expect(await faults()).toEqual([
      'a tenant reaches rows of another',
      'rows are seen where no tenant is named',
      'a tenant can write rows of another',
    ]);
    await owner(set(' and false'));
    expect((await refusal(open(walled.open(), 'required').ready())).code).toBe('not_ready');
  });

  it.each([
    ['a view', 'view', 'select * from'],
    ['a materialized view', 'materialized view', 'select * from'],
  ] as const)("refuses %s with its owner's rights, wherever it is", async (_, kind, query) => {
    const elsewhere = `reports_${schema}`;
    await during(
      `create schema ${elsewhere}; create ${kind} ${elsewhere}.all_runs as ${query} ${schema}.runs; grant select on ${elsewhere}.all_runs to ${role}`,
      `drop schema ${elsewhere} cascade`,
    );
    expect(await faults()).toEqual([
      `${elsewhere}.all_runs shows rows with the rights of its owner: make it security_invoker, or revoke it from the role`,
    ]);
  });

  it('passes a view that asks as its user, and one that the role may not see', async () => {
    const elsewhere = `reports_${schema}`;
    await during(
      `create schema ${elsewhere}; create view ${elsewhere}.own with (security_invoker = on) as select * from ${schema}.runs;
       grant select on ${elsewhere}.own to ${role}; create view ${elsewhere}.closed as select * from ${schema}.runs`,
      `drop schema ${elsewhere} cascade`,
    );
    await holds();
  });

  it("refuses a function of the schema that runs with its owner's rights", async () => {
    await during(
      `create function ${schema}.peek() returns bigint language sql security definer as $$ select count(*) from ${schema}.runs $$`,
      `drop function ${schema}.peek()`,
    );
    expect(await faults()).toEqual([expect.stringContaining(`${schema}.peek() shows rows with the rights of its owner`)]);
  });
});

describe('a storage that was told nothing of it', () => {
  it('does not start where it would see nothing', async () => {
    const error = await refusal(open(walled.open(), 'off').ready());
    expect(error).toMatchObject({ code: 'not_ready', message: expect.stringContaining('Set the option rowLevelSecurity') });
  });

  it('is refused what it writes, with a hint', async () => {
    const storage = open(walled.open(), 'off');
    const error = await refusal(storage.gates.close([{ tenant: 'acme', lane: 'a', reason: 'paused', forMs: null }]));
    expect(error).toMatchObject({ code: 'not_ready', message: expect.stringContaining('rowLevelSecurity') });
  });

  it('starts as the owner', async () => {
    expect(await open(walled.owner.pool, 'off').ready()).toBeUndefined();
  });

  it('names the modes that there are', () => {
    const mode = 'on' as RowLevelSecurity;
    expect(() => open(walled.owner.pool, mode)).toThrow('off, prepared, required');
  });
});

describe('a storage with row-level security', () => {
  it('leaves nothing on the connections of the pool', async () => {
    const pool = walled.open();
    const storage = open(pool, 'required');
    await storage.ingest([newItem([])]);
    await storage.claim({ kind: 'ready', holder: 'w', limit: 1, ttlMs: 1_000, handlers: [], replayShare: 0 });
    await refusal(storage.gates.close([{ tenant: 'acme', lane: 'a\u0000', reason: 'paused', forMs: null }]));
    const { rows } = await pool.query(
      `select coalesce(current_setting('patchbay.scope', true), '') as scope, coalesce(current_setting('patchbay.tenants', true), '') as tenants`,
    );
    expect(rows).toEqual([{ scope: '', tenants: '' }]);
    expect(pool.totalCount).toBe(1);
  });

  it("joins the host's transaction, also on a client that it has had itself, and leaves there what it found", async () => {
    const pool = walled.open();
    const storage = open(pool, 'required');
    await storage.gates.list('acme');
    const client = await pool.connect();
    expect(pool.totalCount).toBe(1);
    closings.push(async () => client.release());
    await client.query('begin');
    await client.query(enterText(['globex']));
    const item = { ...newItem([]), plan: null };
    expect(await storage.ingest([item], { transaction: client })).toEqual([{ status: 'created', leased: [] }]);
    const { rows } = await client.query(
      `select current_setting('patchbay.scope') as scope, current_setting('patchbay.tenants') as tenants`,
    );
    expect(rows).toEqual([{ scope: '', tenants: '["globex"]' }]);
    expect((await client.query(`select from ${schema}.events`)).rowCount).toBe(0);
    expect(await storage.history.event(item.tenant, item.root, { transaction: client })).toMatchObject({ id: item.root });
    await client.query('commit');
    expect(await storage.history.event(item.tenant, item.root)).toMatchObject({ id: item.root });
  });

  it('is maintained by the role, with partitions that are walled in', async () => {
    const pool = walled.open();
    await walled.owner.advance(40 * 86_400_000);
    closings.push(() => walled.owner.clear());
    expect((await maintain({ pool, schema })).made).toBeGreaterThan(0);
    await holds();
  });

  it('keeps an expired range of history under which work is open, whoever asks', async () => {
    const pool = walled.open();
    const storage = open(pool, 'required');
    const item = newItem([]);
    await storage.ingest([{ ...item, plan: null }]);
    await walled.owner.advance(400 * 86_400_000);
    closings.push(() => walled.owner.clear());
    expect(await maintain({ pool, schema })).toMatchObject({ open: 1 });
    expect(await storage.history.event(item.tenant, item.root)).not.toBeNull();
  });
});

describe('putting the wall up and down', () => {
  it('is no hindrance for a storage that is prepared', async () => {
    const storage = open(walled.open(), 'prepared');
    const later: string[] = [];
    const publish = async (): Promise<void> => {
      const item = newItem([], { root: newId() });
      expect(await storage.ingest([item])).toMatchObject([{ status: 'created' }]);
      later.push(item.root);
    };
    closings.push(() => enableRowLevelSecurity({ pool: walled.owner.pool, schema }));
    await publish();
    await disableRowLevelSecurity({ pool: walled.owner.pool, schema });
    expect(await open(walled.open(), 'prepared').ready()).toBeUndefined();
    expect(await open(walled.open(), 'off').ready()).toBeUndefined();
    expect((await faults())[0]).toMatch(/not enabled on .*attempts.*tenant_keys/);
    await publish();
    await enableRowLevelSecurity({ pool: walled.owner.pool, schema });
    await enableRowLevelSecurity({ pool: walled.owner.pool, schema });
    await publish();
    await holds();
    expect(later).toHaveLength(3);
  });

  it('is the owner’s to do', async () => {
    const error = await refusal(disableRowLevelSecurity({ pool: walled.open(), schema }));
    expect(error).toMatchObject({ code: 'not_ready', message: expect.stringMatching(/does not own the table \w+,/) });
    await holds();
  });

  it('gives way to a transaction that holds a table, and is taken up again', async () => {
    const client = await walled.owner.pool.connect();
    await client.query(`begin; select from ${schema}.runs`);
    const error = await refusal(disableRowLevelSecurity({ pool: walled.owner.pool, schema }));
    await client.query('rollback');
    client.release();
    expect(error).toMatchObject({ code: 'storage_unavailable', message: expect.stringContaining('held the table runs') });
    expect((await faults())[0]).toMatch(/not enabled on .*attempts.*automations/);
    await enableRowLevelSecurity({ pool: walled.owner.pool, schema });
    await holds();
  });

  it('needs the tables', async () => {
    expect(await refusal(enableRowLevelSecurity({ pool: walled.owner.pool, schema: 'nowhere_at_all' }))).toMatchObject({
      code: 'not_ready',
    });
  });

  it('is done and checked by commands', async () => {
    const run = async (command: string, url: string): Promise<{ exit: number; said: string }> => {
      let said = '';
      const say = (text: string): void => {
        said += text;
      };
      const openPool = (connectionString: string): Pool => new pg.Pool({ connectionString, max: 1 });
      const exit = await runCommand({ words: [command, '--schema', schema, '--url', url], env: {}, openPool, print: say, complain: say });
      return { exit, said };
    };
    closings.push(() => enableRowLevelSecurity({ pool: walled.owner.pool, schema }));
    expect(await run('disable-row-security', inject('databaseUrl'))).toMatchObject({ exit: 0, said: expect.stringContaining('disabled') });
    expect(await run('check-row-security', walled.url)).toMatchObject({
      exit: 1,
      said: expect.stringContaining('fault: row-level security is not enabled'),
    });
    expect(await run('enable-row-security', inject('databaseUrl'))).toMatchObject({ exit: 0, said: expect.stringContaining('enabled') });
    expect(await run('check-row-security', walled.url)).toMatchObject({ exit: 0, said: expect.stringContaining('holds') });
  });
});
