import type { TenantsRequest } from '@patchbay/core/adapter';
import { text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

/** The first tenant behind another one, in each table that says of a tenant that it is there. The hub's own scope is the empty text. */
const next = (after: string): string => `(select min(n.tenant) from (
  select (select r.scope from configuration_revisions r where r.scope > ${after} and r.revision > 0 order by r.scope limit 1) as tenant
  union all select (select e.tenant from events e where e.tenant > ${after} order by e.tenant limit 1)
  union all select (select d.tenant from dispatches d where d.tenant > ${after} order by d.tenant limit 1)) n)`;

// From one tenant to the next, so that a tenant costs the same whatever it has.
const all = `
  with recursive place (start) as (select ?), found (tenant) as (
    select ${next('p.start')} from place p
    union all
    select ${next('f.tenant')} from found f where f.tenant is not null)
  select f.tenant from found f where f.tenant is not null limit ?`;

const withConnector = 'select distinct tenant from connections where tenant > ? and connector = ? order by tenant limit ?';

/** Tenants in the order of their bytes. */
export function listTenants(session: Session, { after, limit, connector }: TenantsRequest): readonly string[] {
  const start = after ?? '';
  const rows = connector === undefined ? session.all(all, start, limit) : session.all(withConnector, start, connector, limit);
  return rows.map((row) => text(row, 'tenant'));
}
