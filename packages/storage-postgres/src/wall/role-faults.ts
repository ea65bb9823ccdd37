import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { scopeSettings } from '../database/scope-texts.ts';
import { flag, type Row, text } from '../row.ts';

// Who may become another role, by `set role` or `reset role`, counts as that one.
const statement: Statement = {
  name: 'wall_role',
  text: () => `
select current_user::text as role, current_setting('row_security') = 'on' as filters,
  coalesce(current_setting('${scopeSettings.scope}', true), '') = ''
    and coalesce(current_setting('${scopeSettings.tenants}', true), '') = '' as unset,
  coalesce((select string_agg(quote_ident(r.rolname), ', ' order by r.rolname) from pg_catalog.pg_roles r
    where (r.rolsuper or r.rolbypassrls)
      and (pg_catalog.pg_has_role(current_user, r.oid, 'member') or pg_catalog.pg_has_role(session_user, r.oid, 'member'))), '') as above`,
};

function faultsOf(row: Row): readonly string[] {
  const faults: string[] = [];
  const above = text(row, 'above');
  if (above !== '') {
    faults.push(
      `the role ${text(row, 'role')} is, or may become, one that no policy binds (${above}): connect as a role of its own that is neither superuser nor BYPASSRLS, nor a member of one`,
    );
  }
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
