import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { text } from '../row.ts';
import { plainName } from '../schema/migration-log.ts';
import { guardedRelations } from './guarded-relations.ts';
import { me } from './may-become.ts';

const asksAsUser = `exists (
    select from pg_catalog.pg_options_to_table(v.reloptions) o where o.option_name = 'security_invoker' and o.option_value::boolean)`;

/**
 * What looks at the tables with the rights of a role that no policy binds. Views are followed over views: one that asks as its user does so
 * wherever it stands, and a materialized one keeps what whoever filled it saw.
 */
const doors: Statement = {
  name: 'wall_doors',
  text: (schema) => `
with recursive ${me},
walled as materialized (select c.oid, c.relowner from ${guardedRelations(schema)}),
unbound as materialized (
  select r.oid from pg_catalog.pg_roles r where r.rolsuper or r.rolbypassrls
    or exists (select from walled w where pg_catalog.pg_has_role(r.oid, w.relowner, 'usage'))),
views as materialized (
  select v.oid, v.relkind = 'm' as is_kept, v.relkind = 'v' and ${asksAsUser} as as_user, v.relowner in (select u.oid from unbound u) as unbound
  from pg_catalog.pg_class v where v.relkind in ('v', 'm')),
looks as (
  select r.ev_class as view, d.refobjid as source from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid
  where d.classid = 'pg_catalog.pg_rewrite'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass),
seen (view, by_other) as (
  select v.oid, v.is_kept or not v.as_user and v.unbound
  from walled w join looks l on l.source = w.oid join views v on v.oid = l.view
  union
  select v.oid, v.is_kept or not v.as_user and s.by_other from seen s join looks l on l.source = s.view join views v on v.oid = l.view)
select distinct v.oid::regclass::text as door from seen s join views v on v.oid = s.view
where s.by_other and exists (select from me
  where pg_catalog.has_any_column_privilege(me.oid, v.oid, 'select, insert, update') or pg_catalog.has_table_privilege(me.oid, v.oid, 'delete'))
union all
select f.oid::regprocedure::text
from pg_catalog.pg_proc f join pg_catalog.pg_namespace n on n.oid = f.pronamespace
where n.nspname = '${plainName(schema)}' and f.prosecdef and f.proowner in (select u.oid from unbound u)
  and exists (select from me where pg_catalog.has_function_privilege(me.oid, f.oid, 'execute'))
  and f.proname not in ('make_partitions', 'empty_partition', 'drop_partitions')
order by 1`,
};

/** Views wherever they are, and functions of the schema, by which the role sees rows that no policy has let through. */
export async function doorFaults(database: Database, client: ClientBase): Promise<readonly string[]> {
  const rows = await database.query(doors, [], client);
  if (rows.length === 0) return [];
  const names = rows.map((row) => text(row, 'door')).join(', ');
  return [`${names} shows rows with the rights of its owner: make it security_invoker, or revoke it from the role`];
}
