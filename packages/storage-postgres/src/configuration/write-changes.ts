import { isDeepStrictEqual } from 'node:util';
import type { AuditEntry, Change, ConfigurationKind, WriteVerdict } from '@patchbay/core/adapter';
import { appendAudit } from '../audit/audit-record.ts';
import type { Database, Statement } from '../database/database.ts';
import { number } from '../row.ts';
import { scopeLock } from '../schema/functions.ts';
import { type ChangePlace, changeAtOnce } from './change-at-once.ts';
import { configurationRow, kindStatements, rowColumns } from './configuration-row.ts';

/** Alone with this scope's configuration until the transaction ends: who planned with the old one has committed, who comes now waits. */
const lockScope: Statement = {
  name: 'lock_scope',
  text: (schema) => `select pg_catalog.pg_advisory_xact_lock(${scopeLock(schema, '$1::text')})`,
};

const find = kindStatements(
  'find_for_write',
  (table, schema) => `select ${rowColumns(schema)} from ${table} where tenant = $1 and id = $2`,
);

const findNamesake = kindStatements(
  'find_namesake',
  (table) => `select 1 as found from ${table} where tenant = $1 and name = $2 and id <> $3`,
);

const put = kindStatements(
  'put',
  (table, schema) => `
insert into ${table} (tenant, id, name, version, value, updated_at) values ($1, $2, $3, $4::int, $5::json, ${schema}.clock())
on conflict (tenant, id) do update
  set name = excluded.name, version = excluded.version, value = excluded.value, updated_at = excluded.updated_at`,
);

const remove = kindStatements('delete', (table) => `delete from ${table} where tenant = $1 and id = $2`);

/** Revisions of which it is remembered what they changed. */
const rememberedRevisions = 256;

/** Raises the revision where something has changed, and remembers what. */
const raiseRevision: Statement = {
  name: 'raise_revision',
  text: (schema) => `
with raised as (
  insert into ${schema}.configuration_revisions as r (scope, revision) values ($1, $2::int)
  on conflict (scope) do update set revision = r.revision + $2 returning revision),
remembered as (
  insert into ${schema}.configuration_changes (scope, revision, kind, id)
  select $1, raised.revision, c.kind, c.id from raised, unnest($3::text[], $4::text[]) as c (kind, id) on conflict do nothing),
forgotten as (
  delete from ${schema}.configuration_changes l using raised where l.scope = $1 and l.revision <= raised.revision - ${rememberedRevisions})
select revision from raised`,
};

type Step = 'applied' | 'already' | 'conflict';
type Put = Extract<Change, { readonly put: ConfigurationKind }>;
type Delete = Extract<Change, { readonly delete: ConfigurationKind }>;

async function putRow({ database, client, tenant }: ChangePlace, change: Put): Promise<Step> {
  const { put: kind, id, name, value } = change;
  const [found] = await database.query(find[kind], [tenant, id], client);
  const row = found === undefined ? undefined : configurationRow(found);
  const before = change.expect === 'absent' ? 0 : change.expect;
  const json = JSON.stringify(value);
  if (row?.version === before + 1 && row.name === name && isDeepStrictEqual(row.value, JSON.parse(json))) return 'already';
  if ((row?.version ?? 0) !== before) return 'conflict';
  if ((await database.query(findNamesake[kind], [tenant, name, id], client)).length > 0) return 'conflict';
  await database.query(put[kind], [tenant, id, name, before + 1, json], client);
  return 'applied';
}

async function deleteRow({ database, client, tenant }: ChangePlace, change: Delete): Promise<Step> {
  const [found] = await database.query(find[change.delete], [tenant, change.id], client);
  if (found === undefined) return 'already';
  if (number(found, 'version') !== change.expect) return 'conflict';
  await database.query(remove[change.delete], [tenant, change.id], client);
  return 'applied';
}

/** Thrown inside the transaction to roll it back: all changes or none. */
interface Conflict {
  readonly conflict: Extract<WriteVerdict, { readonly status: 'conflict' }>;
}

const isConflict = (error: unknown): error is Conflict => typeof error === 'object' && error !== null && 'conflict' in error;

/** What is written together. */
export interface Written {
  readonly changes: readonly Change[];
  readonly audit: readonly AuditEntry[];
  /** The revision before it; `undefined`: any. */
  readonly revision?: number | undefined;
}

const nameOf = (change: Change) => ({ kind: 'put' in change ? change.put : change.delete, id: change.id });

async function applyChanges(writing: ChangePlace, { changes, audit, revision: expected }: Written): Promise<WriteVerdict> {
  const { database, client, tenant } = writing;
  await database.query(lockScope, [tenant], client);
  const isDone = await changeAtOnce(writing, changes);
  const done = isDone ? changes.map(nameOf) : [];
  for (const change of isDone ? [] : changes) {
    const step = 'put' in change ? await putRow(writing, change) : await deleteRow(writing, change);
    if (step === 'conflict') throw { conflict: { status: 'conflict', ...nameOf(change) } } satisfies Conflict;
    if (step === 'applied') done.push(nameOf(change));
  }
  const applied = done.length > 0;
  const raising = [tenant, applied ? 1 : 0, done.map(({ kind }) => kind), done.map(({ id }) => id)];
  const [row] = await database.query(raiseRevision, raising, client);
  const revision = row === undefined ? 0 : number(row, 'revision');
  const [first] = changes;
  if (applied && first && expected !== undefined && expected !== revision - 1) {
    throw { conflict: { status: 'conflict', ...nameOf(first) } } satisfies Conflict;
  }
  await appendAudit(database, { tenant, entries: audit }, client);
  return { status: 'written', revision };
}

/**
 * Applies all changes or none, and raises the revision with them. A write that finds everything as it says changes nothing, the revision
 * included.
 */
export async function writeChanges(database: Database, tenant: string, written: Written): Promise<WriteVerdict> {
  try {
    return await database.transaction((client) => applyChanges({ database, client, tenant }, written));
  } catch (error) {
    if (isConflict(error)) return error.conflict;
    throw error;
  }
}
