import type { StateEntry, StateStore, StateVerdict, StateWrite } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, OpenDatabase, Statement } from '../database/database.ts';
import { tenants, tenantsOf } from '../database/scope.ts';
import { flag, number, type Row, text } from '../row.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { lastText } from '../sql/last-text.ts';
import { malformed } from '../storage-error.ts';

const columns: readonly Column<StateWrite>[] = [
  ['tenant', 'text', ({ tenant }) => tenant],
  ['name', 'text', ({ name }) => name],
  ['value', 'text', ({ value }) => (value === null ? null : JSON.stringify(value))],
];

const batch = batchTable(columns, { first: 1, alias: 'b', ordinal: 'position' });

// Rows are written in the order of their keys, so that two processes that write at once do not wait for each other in a circle.
const putAny: Statement = {
  name: 'put_states',
  text: (schema) => `
with gone as (
  delete from ${schema}.states where (tenant, name) in (select b.tenant collate "C", b.name collate "C" from ${batch} where b.value is null))
insert into ${schema}.states as s (tenant, name, version, value, updated_at)
select b.tenant collate "C", b.name collate "C", 1, b.value::json, (select ${schema}.clock()) from ${batch} where b.value is not null order by 1, 2
on conflict (tenant, name) do update set version = s.version + 1, value = excluded.value, updated_at = excluded.updated_at`,
};

// Writing the same over itself is how a repeat finds its own first try.
const putAbsent: Statement = {
  name: 'put_absent_state',
  text: (schema) => `
insert into ${schema}.states as s (tenant, name, version, value, updated_at) values ($1, $2, 1, $3::json, ${schema}.clock())
on conflict (tenant, name) do update set version = 1 where s.version = 1 and s.value::text = $3::text returning s.version`,
};

const putVersion: Statement = {
  name: 'put_state',
  text: (schema) => `
update ${schema}.states set version = $4::bigint + 1, value = $3::json,
  updated_at = case when version = $4::bigint then ${schema}.clock() else updated_at end
where tenant = $1 and name = $2 and (version = $4::bigint or (version = $4::bigint + 1 and value::text = $3::text)) returning version`,
};

const expecting: readonly Column<StateWrite>[] = [...columns, ['expect', 'bigint', ({ expect }) => (expect === 'absent' ? 0 : expect)]];

const expectingBatch = batchTable(expecting, { first: 1, alias: 'b', ordinal: 'position' });

// Rows are locked in the order of their keys before any is changed; the lock is what makes the version that is compared the one that is changed. What
// another transaction puts there meanwhile is not seen among them: then the insert finds it.
const putMany: Statement = {
  name: 'put_many_states',
  text: (schema) => `
with given as materialized (select b.tenant collate "C" as tenant, b.name collate "C" as name, b.value, b.expect, b.position from ${expectingBatch}),
there as materialized (
  select s.tenant, s.name, s.version, s.value, s.updated_at from ${schema}.states s join given g on s.tenant = g.tenant and s.name = g.name
  order by s.tenant, s.name for update of s),
fits as (
  select g.position, g.tenant, g.name, g.value, g.expect, t.version from given g join there t using (tenant, name)
  where t.version = g.expect or (g.value is not null and t.version = g.expect + 1 and t.value::text = g.value)),
put as (
  update ${schema}.states s set version = f.expect + 1, value = f.value::json,
    updated_at = case when f.version = f.expect then (select ${schema}.clock()) else s.updated_at end
  from fits f where s.tenant = f.tenant and s.name = f.name and f.value is not null and f.expect > 0 returning f.position),
made as (
  insert into ${schema}.states as s (tenant, name, version, value, updated_at)
  select g.tenant, g.name, 1, g.value::json, (select ${schema}.clock()) from given g where g.value is not null and g.expect = 0 order by 1, 2
  on conflict (tenant, name) do update set version = 1 where s.version = 1 and s.value::text = excluded.value::text returning s.tenant, s.name),
gone as (
  delete from ${schema}.states s using fits f where s.tenant = f.tenant and s.name = f.name and f.value is null returning f.position)
select g.position, t.name, t.version, t.value, ${schema}.millis(t.updated_at) as updated_at,
  p.position is not null or m.name is not null or d.position is not null or (g.value is null and t.name is null) as written
from given g left join there t using (tenant, name) left join put p using (position) left join made m using (tenant, name)
  left join gone d using (position)
order by g.position`,
};

const take: Statement = {
  name: 'take_state',
  text: (schema) => `
with gone as (delete from ${schema}.states where tenant = $1 and name = $2 and version = $3::bigint returning 1)
select 1 as version where exists (select from gone) or not exists (select from ${schema}.states where tenant = $1 and name = $2)`,
};

const entryColumns = (schema: string): string => `name, version, value, ${schema}.millis(updated_at) as updated_at`;

const read: Statement = {
  name: 'read_state',
  text: (schema) => `select ${entryColumns(schema)} from ${schema}.states where tenant = $1 and name = $2`,
};

const list: Statement = {
  name: 'list_states',
  text: (schema) => `
select ${entryColumns(schema)} from ${schema}.states
where tenant = $1 and name >= $2 and name < $3 and ($4::text is null or name > $4) order by name limit $5::int`,
};

const entryOf = (row: Row): StateEntry => ({
  name: text(row, 'name'),
  version: number(row, 'version'),
  value: JSON.parse(text(row, 'value')),
  updatedAt: number(row, 'updated_at'),
});

/** One write that expects something, as one statement. */
export async function writeExpecting(
  database: Database,
  { tenant, name, expect, value }: StateWrite,
  client?: ClientBase,
): Promise<StateVerdict> {
  const json = JSON.stringify(value);
  const version = expect === 'absent' ? 0 : expect;
  const query = () => {
    if (value === null) return database.query(take, [tenant, name, version], client);
    if (version === 0) return database.query(putAbsent, [tenant, name, json], client);
    return database.query(putVersion, [tenant, name, json, version], client);
  };
  return { status: (await query()).length > 0 ? 'written' : 'conflict' };
}

const written: StateVerdict = { status: 'written' };

/** Writes that expect something; several go as one statement. */
async function writeAllExpecting(database: OpenDatabase, items: readonly StateWrite[]): Promise<readonly StateVerdict[]> {
  const [first, second] = items;
  if (first === undefined) return [];
  if (second === undefined) return [await writeExpecting(database.within(tenants(first.tenant)), first)];
  const rows = await database.within(tenantsOf(items)).query(putMany, batchValues(expecting, items));
  return rows.map((row) => {
    if (flag(row, 'written')) return written;
    // What was put there while this was under way is not among what it saw.
    return row['name'] === null ? { status: 'conflict' } : { status: 'conflict', entry: entryOf(row) };
  });
}

function checkNames(items: readonly StateWrite[]): void {
  const names = new Set(items.map(({ tenant, name }) => JSON.stringify([tenant, name])));
  if (names.size !== items.length) throw malformed('One call writes a state twice. Write each name once.');
}

/** Values by tenant and name, in their table. */
export function postgresStates(database: OpenDatabase): StateStore {
  return {
    async write(items) {
      checkNames(items);
      const any = items.filter(({ expect }) => expect === 'any');
      if (any.length > 0) await database.within(tenantsOf(any)).query(putAny, batchValues(columns, any));
      const others = items.filter(({ expect }) => expect !== 'any');
      const verdicts = (await writeAllExpecting(database, others)).values();
      return items.map(({ expect }) => (expect === 'any' ? written : (verdicts.next().value ?? written)));
    },
    async read(tenant, name) {
      const [row] = await database.within(tenants(tenant)).query(read, [tenant, name]);
      return row === undefined ? null : entryOf(row);
    },
    async list(tenant, prefix, { cursor, limit }) {
      const found = await database.within(tenants(tenant)).query(list, [tenant, prefix, lastText(prefix), cursor, limit + 1]);
      const entries = found.slice(0, limit).map(entryOf);
      return { entries, cursor: found.length > limit ? (entries.at(-1)?.name ?? null) : null };
    },
  };
}
