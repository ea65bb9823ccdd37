import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../src/database/scope.ts';
import { enterText } from '../src/database/scope-texts.ts';
import { migrations } from '../src/schema/migrations.ts';
import { sqlState } from '../src/storage-error.ts';
import { guardedTables } from '../src/wall/guarded-tables.ts';
import { anyRow } from './support/any-row.ts';
import { createWalledSchema, type WalledSchema } from './support/walled-schema.ts';

let walled: WalledSchema;
let schema: string;
let app: Pool;
let owner: Pool;
const inserts = new Map<string, string>();

beforeAll(async () => {
  walled = await createWalledSchema();
  schema = walled.owner.schema;
  owner = walled.owner.pool;
  app = walled.open();
  // Rows for their own sake: what they refer to is another test's matter.
  const filler = walled.owner.anotherPool('-c session_replication_role=replica');
  for (const [table, tenant] of Object.entries(guardedTables)) {
    const insert = await anyRow(owner, { schema, table, tenant });
    inserts.set(table, insert);
    await filler.query(insert, ['acme']);
  }
});
afterAll(() => walled.close());

/** Does it as the application within a scope; what it did is rolled back. */
async function within<Result>(scope: Scope | null, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await app.connect();
  try {
    await client.query('begin');
    if (scope !== null) await client.query(enterText(scope));
    return await work(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const count = (scope: Scope | null, words: string): Promise<number | null> =>
  within(scope, async (client) => (await client.query(words)).rowCount);

const stateOf = (scope: Scope | null, words: string, values: readonly unknown[] = []): Promise<string | null> =>
  within(scope, (client) =>
    client.query(words, [...values]).then(
      () => null,
      (error: unknown) => sqlState(error),
    ),
  );

const refused = '42501';

it('guards every table that has a tenant', async () => {
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant'
     where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
    [schema],
  );
  const named = Object.keys(guardedTables).filter((table) => guardedTables[table] === 'tenant');
  expect(named.toSorted()).toEqual(rows.map(({ name }) => name));
  expect(migrations.length).toBeGreaterThan(6);
});

describe.each(Object.entries(guardedTables))('%s', (table, tenant) => {
  const name = (): string => `${schema}.${table}`;

  it('shows a tenant its rows, and nobody else', async () => {
    const all = `select from ${name()}`;
    expect(await count(['acme'], all)).toBe(1);
    expect(await count(['globex', 'acme'], all)).toBe(1);
    expect(await count('everyone', all)).toBe(1);
    expect(await count(['globex'], all)).toBe(0);
    expect(await count([], all)).toBe(0);
    expect(await count(null, all)).toBe(0);
  });

  it("lets no tenant change, delete or write another's", async () => {
    expect(await count(['globex'], `update ${name()} set ${tenant} = ${tenant}`)).toBe(0);
    expect(await count(['globex'], `delete from ${name()}`)).toBe(0);
    expect(await count(null, `delete from ${name()}`)).toBe(0);
    expect(await stateOf(['acme'], `update ${name()} set ${tenant} = 'globex'`)).toBe(refused);
    const insert = inserts.get(table) ?? '';
    expect(await stateOf(['globex'], insert, ['acme'])).toBe(refused);
    expect(await stateOf(null, insert, ['acme'])).toBe(refused);
  });

  it('cannot be emptied at once', async () => {
    expect(await stateOf('everyone', `truncate ${name()}`)).toBe(refused);
  });
});

it.each(['events', 'run_history', 'dispatch_history', 'attempts'])(
  'partitions of %s show nobody anything by their own names',
  async (table) => {
    const { rows } = await owner.query<{ leaf: string }>(
      `select c.relname as leaf from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass`,
      [`${schema}.${table}`],
    );
    expect(rows.length).toBeGreaterThan(1);
    let stored = 0;
    for (const { leaf } of rows) {
      stored += (await owner.query(`select from ${schema}.${leaf}`)).rowCount ?? 0;
      for (const scope of [['acme'], 'everyone', null] as const) expect(await count(scope, `select from ${schema}.${leaf}`)).toBe(0);
      expect(await count('everyone', `delete from ${schema}.${leaf}`)).toBe(0);
    }
    expect(stored).toBe(1);
  },
);

it('does not tell whether a key of another tenant is taken', async () => {
  const insert = `insert into ${schema}.gates (tenant, lane, reason) values ('acme', $1, 'paused')`;
  await owner.query(insert, ['there']);
  expect(await stateOf(['globex'], insert, ['there'])).toBe(refused);
  expect(await stateOf(['globex'], insert, ['not there'])).toBe(refused);
});

it.each(["o'brien", 'back\\slash', '"quoted"', '{acme}', 'acme,globex', 'ünïcode ☃', "acme'); reset patchbay.scope; --"])(
  'takes the name %s for what it is',
  async (tenant) => {
    const insert = `insert into ${schema}.gates (tenant, lane, reason) values ($1, 'named', 'paused')`;
    const seen = await within([tenant], async (client) => {
      await client.query(insert, [tenant]);
      return (await client.query(`select tenant from ${schema}.gates`)).rows;
    });
    expect(seen).toEqual([{ tenant }]);
  },
);

it('shows views as the tables that they look at', async () => {
  expect(await count(['globex'], `select from ${schema}.steps union all select from ${schema}.receipts`)).toBe(0);
});
