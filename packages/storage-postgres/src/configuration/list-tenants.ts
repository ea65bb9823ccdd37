import type { TenantsRequest } from '@patchbay/core/adapter';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { everyone } from '../database/scope.ts';
import { text } from '../row.ts';

/** The first tenant behind another one in a table: one look into its index. The hub's own scope is the empty text, which is behind nothing. */
const first = (table: string, column: string, after: string): string =>
  `(select t.${column} as tenant from ${table} t where t.${column} > ${after} order by t.${column} limit 1)`;

const next = (schema: string, after: string): string => `(select min(n.tenant) from (
  (select r.scope as tenant from ${schema}.configuration_revisions r where r.scope > ${after} and r.revision > 0 order by r.scope limit 1)
  union all ${first(`${schema}.events`, 'tenant', after)}
  union all ${first(`${schema}.dispatches`, 'tenant', after)}
  union all ${first(`${schema}.dispatch_history`, 'tenant', after)}) n)`;

// From one tenant to the next, so that a tenant costs the same whatever it has.
const all: Statement = {
  name: 'list_tenants',
  text: (schema) => `
with recursive found (tenant) as (
  select ${next(schema, '$1')}
  union all
  select ${next(schema, 'f.tenant')} from found f where f.tenant is not null)
select f.tenant from found f where f.tenant is not null limit $2::int`,
};

const withConnector: Statement = {
  name: 'list_tenants_with',
  text: (schema) => `
select distinct c.tenant from ${schema}.connections c where c.tenant > $1 and c.connector = $3 order by c.tenant limit $2::int`,
};

/** Tenants in the order of their bytes. */
export async function listTenants(open: OpenDatabase, { after, limit, connector }: TenantsRequest): Promise<readonly string[]> {
  const database = open.within(everyone);
  const place = [after ?? '', limit];
  const rows = await (connector === undefined ? database.query(all, place) : database.query(withConnector, [...place, connector]));
  return rows.map((row) => text(row, 'tenant'));
}
