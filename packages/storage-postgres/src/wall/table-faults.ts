import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { flag, number, optionalText, type Row, text } from '../row.ts';
import { policyName } from '../schema/tenant-policies.ts';
import { guardedRelations } from './guarded-relations.ts';
import { guardedTables } from './guarded-tables.ts';
import { mayBecome, me } from './may-become.ts';

/** Policies that let somebody through to whom the role belongs. */
const ofTheRole = `y.polpermissive and (y.polroles = '{0}'::oid[] or exists (select from me where me.oid = any (y.polroles)))`;

/** Tables and their partitions; a partition has no policy of its own and lets nobody through but by way of its parent. */
const tables: Statement = {
  name: 'wall_tables',
  text: (schema) => `
with ${me}
select coalesce(p.relname, c.relname) as name, c.relname as relation, p.oid is not null as is_leaf, c.relrowsecurity as enabled,
  ${mayBecome('c.relowner')} as owned,
  exists (select from me where pg_catalog.has_table_privilege(me.oid, c.oid, 'truncate, trigger')
    or pg_catalog.has_any_column_privilege(me.oid, c.oid, 'references')) as may_more,
  (select count(*) from pg_catalog.pg_policy y where y.polrelid = c.oid and ${ofTheRole}) as policies,
  (select pg_catalog.pg_get_expr(y.polqual, y.polrelid) from pg_catalog.pg_policy y
    where y.polrelid = c.oid and y.polname = '${policyName}' and y.polcmd = '*' and y.polroles = '{0}'::oid[] and y.polpermissive
      and y.polwithcheck is null) as condition
from ${guardedRelations(schema)}
order by 2`,
};

const list = (rows: readonly Row[], column: string): string => rows.map((row) => text(row, column)).join(', ');

/** The condition as it would be of the column `tenant`. */
const conditionOf = (row: Row): string | null =>
  optionalText(row, 'condition')?.replaceAll(`(${guardedTables[text(row, 'name')]} = ANY`, '(tenant = ANY') ?? null;

/** Policies are compared with that of `gates`, whose effect is tried. */
function lacksPolicy(rows: readonly Row[]): readonly Row[] {
  const tried = rows.find((row) => text(row, 'name') === 'gates');
  const expected = tried === undefined ? null : conditionOf(tried);
  return rows.filter((row) =>
    flag(row, 'is_leaf')
      ? number(row, 'policies') > 0
      : number(row, 'policies') !== 1 || conditionOf(row) === null || conditionOf(row) !== expected,
  );
}

function faultsOf(rows: readonly Row[], command: string): readonly string[] {
  const faults: string[] = [];
  const say = (found: readonly Row[], column: string, words: (names: string) => string): void => {
    if (found.length > 0) faults.push(words(list(found, column)));
  };
  const isOff = rows.filter((row) => !flag(row, 'enabled'));
  say(isOff, 'relation', (names) => `row-level security is not enabled on ${names}: run "${command}"`);
  const owned = rows.filter((row) => flag(row, 'owned'));
  say(owned, 'relation', (names) => `the role owns, or may become the owner of, ${names}: connect as a role that owns none`);
  const mayMore = rows.filter((row) => flag(row, 'may_more') && !flag(row, 'owned'));
  say(
    mayMore,
    'relation',
    (names) => `the role may truncate, refer to or put triggers on ${names}: revoke truncate, references and trigger`,
  );
  say(
    lacksPolicy(rows),
    'relation',
    (names) => `${names} lacks the policy "${policyName}" as the migration made it, or has another: drop what was added, or restore it`,
  );
  const unknown = Object.keys(guardedTables).filter((name) => !rows.some((row) => text(row, 'relation') === name));
  if (unknown.length > 0) faults.push(`the schema has no table ${unknown.join(', ')}`);
  return faults;
}

/** What is wrong with the tables. `command` is what enables row-level security. */
export async function tableFaults(database: Database, client: ClientBase, command: string): Promise<readonly string[]> {
  return faultsOf(await database.query(tables, [], client), command);
}
