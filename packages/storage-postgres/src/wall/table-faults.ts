import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { flag, number, optionalText, type Row, text } from '../row.ts';
import { plainName } from '../schema/migration-log.ts';
import { policyName } from '../schema/tenant-policies.ts';
import { guardedTables } from './guarded-tables.ts';

const member = (role: string): string =>
  `(pg_catalog.pg_has_role(current_user, ${role}, 'member') or pg_catalog.pg_has_role(session_user, ${role}, 'member'))`;

/** Tables and their partitions; a partition has no policy of its own and lets nobody through but by way of its parent. */
const tables: Statement = {
  name: 'wall_tables',
  text: (schema) => `
select coalesce(p.relname, c.relname) as name, c.relname as relation, p.oid is not null as is_leaf, c.relrowsecurity as enabled,
  ${member('c.relowner')} as owned, pg_catalog.has_table_privilege(c.oid, 'truncate, references, trigger') as may_more,
  (select count(*) from pg_catalog.pg_policy y where y.polrelid = c.oid and y.polpermissive) as policies,
  (select pg_catalog.pg_get_expr(y.polqual, y.polrelid) from pg_catalog.pg_policy y
    where y.polrelid = c.oid and y.polname = '${policyName}' and y.polcmd = '*' and y.polroles = '{0}'::oid[] and y.polpermissive
      and y.polwithcheck is null) as condition
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_inherits i on i.inhrelid = c.oid left join pg_catalog.pg_class p on p.oid = i.inhparent
where n.nspname = '${plainName(schema)}' and c.relkind in ('r', 'p')
  and coalesce(p.relname, c.relname) in (${Object.keys(guardedTables)
    .map((name) => `'${name}'`)
    .join(', ')})
order by 2`,
};

/** What looks at the tables with another's rights: a view that does not ask as its user, and a function that is not of this schema's making. */
const doors: Statement = {
  name: 'wall_doors',
  text: (schema) => `
select distinct v.oid::regclass::text as door, 'view' as kind
from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid and d.classid = 'pg_catalog.pg_rewrite'::regclass
  join pg_catalog.pg_class v on v.oid = r.ev_class
  join pg_catalog.pg_class t on t.oid = d.refobjid and d.refclassid = 'pg_catalog.pg_class'::regclass
  join pg_catalog.pg_namespace n on n.oid = t.relnamespace
where n.nspname = '${plainName(schema)}' and v.relkind in ('v', 'm')
  and pg_catalog.has_any_column_privilege(v.oid, 'select, insert, update')
  and (v.relkind = 'm' or not exists (
    select from pg_catalog.pg_options_to_table(v.reloptions) o where o.option_name = 'security_invoker' and o.option_value::boolean))
union all
select f.oid::regprocedure::text, 'function'
from pg_catalog.pg_proc f join pg_catalog.pg_namespace n on n.oid = f.pronamespace
where n.nspname = '${plainName(schema)}' and f.prosecdef and pg_catalog.has_function_privilege(f.oid, 'execute')
  and f.proname not in ('make_partitions', 'empty_partition', 'drop_partitions')
order by 1`,
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

function faultsOf(rows: readonly Row[], open: readonly Row[], command: string): readonly string[] {
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
  say(open, 'door', (names) => `${names} shows rows with the rights of its owner: make it security_invoker, or revoke it from the role`);
  return faults;
}

/** What is wrong with the tables, and what stands beside them. `command` is what enables row-level security. */
export async function tableFaults(database: Database, client: ClientBase, command: string): Promise<readonly string[]> {
  return faultsOf(await database.query(tables, [], client), await database.query(doors, [], client), command);
}
