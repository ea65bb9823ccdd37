import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { scopeSettings } from '../database/scope-texts.ts';
import { flag, type Row, text } from '../row.ts';
import { plainName } from '../schema/migration-log.ts';
import { me } from './may-become.ts';

// Roles that read past the tables, or make themselves members of others.
const around = `(r.rolreplication or r.rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
  or r.rolcreaterole and current_setting('server_version_num')::int < 160000)`;

const namesOf = (condition: string): string => `
  coalesce((select string_agg(quote_ident(r.rolname), ', ' order by r.rolname) from pg_catalog.pg_roles r join me on me.oid = r.oid
    where ${condition}), '')`;

const statement: Statement = {
  name: 'wall_role',
  text: (schema) => `
with ${me}
select current_user::text as role, current_setting('row_security') = 'on' as filters,
  coalesce(current_setting('${scopeSettings.scope}', true), '') = ''
    and coalesce(current_setting('${scopeSettings.tenants}', true), '') = '' as unset,
  ${namesOf('r.rolsuper or r.rolbypassrls')} as above,
  ${namesOf(`not (r.rolsuper or r.rolbypassrls) and ${around}`)} as around,
  exists (select from pg_catalog.pg_namespace n join me on pg_catalog.has_schema_privilege(me.oid, n.oid, 'create') or me.oid = n.nspowner
    where n.nspname = '${plainName(schema)}') as makes`,
};

function faultsOf(row: Row): readonly string[] {
  const faults: string[] = [];
  const above = text(row, 'above');
  if (above !== '') {
    faults.push(
      `the role ${text(row, 'role')} is, or may become, one that no policy binds (${above}): connect as a role of its own that is neither superuser nor BYPASSRLS, nor a member of one`,
    );
  }
  const around = text(row, 'around');
  if (around !== '') {
    faults.push(
      `the role ${text(row, 'role')} is, or may become, one that gets around the tables (${around}): take from it REPLICATION, the files and programs of the server and, before PostgreSQL 16, CREATEROLE`,
    );
  }
  // What stands beside the functions of the schema may be called in their place, with the rights of their owner.
  if (flag(row, 'makes')) faults.push('the role may create in the schema, or owns it: revoke create, and let another role own it');
  if (!flag(row, 'unset')) {
    faults.push(
      `a scope is set for every session (${scopeSettings.scope} or ${scopeSettings.tenants}): reset it where the role, the database or the connection sets it`,
    );
  }
  if (!flag(row, 'filters')) faults.push('row_security is off for the session: reset it');
  return faults;
}

/** What is wrong with the role that asks, and with its session. */
export async function roleFaults(database: Database, client: ClientBase): Promise<readonly string[]> {
  const [row] = await database.query(statement, [], client);
  return row === undefined ? ['the server does not say who asks'] : faultsOf(row);
}
