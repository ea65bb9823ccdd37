import { isPatchbayError } from '@patchbay/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { maintain } from '../src/maintenance/maintain.ts';
import { postgresStorage } from '../src/postgres-storage.ts';
import { createWalledSchema, type WalledSchema } from './support/walled-schema.ts';

let walled: WalledSchema;
let schema: string;
let role: string;
let other: string;
let elsewhere: string;
const closings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  walled = await createWalledSchema();
  schema = walled.owner.schema;
  role = walled.role;
  other = `other_${schema}`;
  elsewhere = `host_${schema}`;
  await walled.owner.pool.query(
    `create role ${other}; create schema ${elsewhere}; grant usage, create on schema ${elsewhere} to ${role}, ${other}`,
  );
  await walled.owner.pool.query(`insert into ${schema}.gates (tenant, lane, reason) values ('acme', 'a', 'paused')`);
});
afterEach(async () => {
  for (const close of closings.splice(0).toReversed()) await close();
});
afterAll(async () => {
  await walled.owner.pool.query(`drop schema ${elsewhere} cascade; drop owned by ${other}; drop role ${other}`);
  await walled.close();
});

const owner = (text: string): Promise<unknown> => walled.owner.pool.query(text);

/** Has the owner do something for the time of one test. */
async function during(text: string, back: string): Promise<void> {
  closings.push(() => owner(back));
  await owner(text);
}

/** Faults that a start finds. */
async function faults(): Promise<unknown> {
  const storage = postgresStorage({ pool: walled.open(), schema, rowLevelSecurity: 'required', notify: false });
  closings.push(() => storage.close());
  try {
    await storage.ready();
    return [];
  } catch (error) {
    return isPatchbayError(error) ? error.details['faults'] : error;
  }
}

/** How many rows of a tenant the role sees, who names none. */
const seen = async (text: string): Promise<number | null> => (await walled.open().query(text)).rowCount;

const shows = (name: string): string =>
  `${name} shows rows with the rights of its owner: make it security_invoker, or revoke it from the role`;

describe('the check at the start refuses', () => {
  it('a view over a materialized view, whoever owns it', async () => {
    await during(
      `create materialized view ${elsewhere}.kept as select * from ${schema}.gates; grant select on ${elsewhere}.kept to ${other};
       create view ${elsewhere}.shown as select lane from ${elsewhere}.kept; alter view ${elsewhere}.shown owner to ${other};
       grant select on ${elsewhere}.shown to ${role}`,
      `drop materialized view ${elsewhere}.kept cascade`,
    );
    expect(await seen(`select from ${elsewhere}.shown`)).toBe(1);
    expect(await faults()).toEqual([shows(`${elsewhere}.shown`)]);
  });

  it('a view through which rows can be deleted and not seen', async () => {
    await during(
      `create view ${elsewhere}.all_gates as select * from ${schema}.gates; grant delete on ${elsewhere}.all_gates to ${role}`,
      `drop view ${elsewhere}.all_gates`,
    );
    expect(await faults()).toEqual([shows(`${elsewhere}.all_gates`)]);
  });

  it('what a role may that it does not inherit from', async () => {
    await during(
      `alter role ${role} noinherit; grant ${other} to ${role}; grant usage on schema ${schema} to ${other}; grant truncate on ${schema}.counters to ${other};
       create view ${elsewhere}.all_gates as select * from ${schema}.gates; grant select on ${elsewhere}.all_gates to ${other}`,
      `revoke truncate on ${schema}.counters from ${other}; drop view ${elsewhere}.all_gates; revoke ${other} from ${role}; alter role ${role} inherit`,
    );
    await walled.open().query(`set role ${other}; truncate ${schema}.counters`);
    expect(await faults()).toEqual([
      expect.stringContaining('may truncate, refer to or put triggers on counters'),
      shows(`${elsewhere}.all_gates`),
    ]);
  });

  it('a reference by some columns, which tells what keys there are', async () => {
    await during(
      `grant references (tenant, lane, reason) on ${schema}.gates to ${role}`,
      `revoke references (tenant, lane, reason) on ${schema}.gates from ${role}`,
    );
    expect(await faults()).toEqual([expect.stringContaining('may truncate, refer to or put triggers on gates')]);
  });

  it('a role that may create in the schema', async () => {
    await during(
      `grant create on schema ${schema} to ${other}; grant ${other} to ${role}`,
      `revoke create on schema ${schema} from ${other}; revoke ${other} from ${role}`,
    );
    expect(await faults()).toEqual(['the role may create in the schema, or owns it: revoke create, and let another role own it']);
  });

  it.each(['replication', 'createrole'])('a role with %s, where that gets it past the tables', async (attribute) => {
    await during(`alter role ${role} ${attribute}`, `alter role ${role} no${attribute}`);
    const { rows } = await walled.owner.pool.query<{ old: boolean }>(`select current_setting('server_version_num')::int < 160000 as old`);
    const isHarmless = attribute === 'createrole' && rows[0]?.old === false;
    expect(await faults()).toEqual(isHarmless ? [] : [expect.stringContaining(`gets around the tables (${role})`)]);
  });

  it("a role that may run programs of the server's", async () => {
    await during(`grant pg_execute_server_program to ${role}`, `revoke pg_execute_server_program from ${role}`);
    expect(await faults()).toEqual([expect.stringContaining('gets around the tables (pg_execute_server_program)')]);
  });
});

describe('the check at the start passes', () => {
  it('a view and a function of a role that the policies bind', async () => {
    const app = walled.open();
    await app.query(`create view ${elsewhere}.own as select * from ${schema}.gates`);
    closings.push(() => owner(`drop view ${elsewhere}.own`));
    await during(
      `create function ${schema}.own() returns bigint language sql security definer as $$ select count(*) from ${schema}.gates $$;
       alter function ${schema}.own() owner to ${other}`,
      `drop function ${schema}.own()`,
    );
    expect(await seen(`select from ${elsewhere}.own`)).toBe(0);
    expect(await faults()).toEqual([]);
  });

  it("a view with its owner's rights over one that asks as its user", async () => {
    await during(
      `create view ${elsewhere}.inner_gates with (security_invoker = true) as select * from ${schema}.gates;
       create view ${elsewhere}.outer_gates as select * from ${elsewhere}.inner_gates; grant select on ${elsewhere}.outer_gates to ${role}`,
      `drop view ${elsewhere}.inner_gates cascade`,
    );
    expect(await seen(`select from ${elsewhere}.outer_gates`)).toBe(0);
    expect(await faults()).toEqual([]);
  });

  it('partitions that came later, whatever is given by default', async () => {
    const given = (verb: string, roles: string): string => `alter default privileges in schema ${schema} ${verb} all on tables ${roles}`;
    await during(given('grant', `to ${role}, public`), given('revoke', `from ${role}, public`));
    await walled.owner.advance(40 * 86_400_000);
    expect((await maintain({ pool: walled.open(), schema })).made).toBeGreaterThan(0);
    expect(await faults()).toEqual([]);
  });

  it("a view of the host's over tables of the host's in the same schema", async () => {
    await during(
      `create table ${schema}.customers (name text); create view ${schema}.good_customers as select * from ${schema}.customers;
       grant select on ${schema}.customers, ${schema}.good_customers to ${role}`,
      `drop table ${schema}.customers cascade`,
    );
    expect(await faults()).toEqual([]);
  });

  it('a policy for others alone', async () => {
    await during(`create policy reports on ${schema}.runs for select to ${other} using (true)`, `drop policy reports on ${schema}.runs`);
    expect(await faults()).toEqual([]);
    await during(`grant ${other} to ${role}`, `revoke ${other} from ${role}`);
    expect(await faults()).toEqual([expect.stringContaining('runs lacks the policy')]);
  });

  it('roles of a cloud that read statistics, or all data that the policies let through', async () => {
    await during(`grant pg_monitor, pg_read_all_data to ${role}`, `revoke pg_monitor, pg_read_all_data from ${role}`);
    expect(await seen(`select from ${schema}.gates`)).toBe(0);
    expect(await faults()).toEqual([]);
  });
});
