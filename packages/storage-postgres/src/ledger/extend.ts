import type { Held } from '@patchbay/core/adapter';
import type { Database, Statement } from '../database/database.ts';
import { flag, number, text } from '../row.ts';
import { handleOf } from './handle.ts';

const statement: Statement = {
  name: 'extend',
  text: (schema) => `
with moment as materialized (select ${schema}.clock() as now),
  held as materialized (
    select d.handle from ${schema}.dispatches d
    where d.status = 'leased' and d.holder = $1 and d.lease_until > (select now from moment)
    order by d.handle for update)
update ${schema}.dispatches d set lease_until = m.now + $2::float8 * interval '1 millisecond'
from held h cross join moment m
where d.handle = h.handle and d.handle = any (array(select handle from held))
returning d.tenant, d.handle, d.fence, d.ordering_key is not null as is_ordered`,
};

/** Extends every lease of the holder that has not yet expired. */
export async function extend(database: Database, request: { readonly holder: string; readonly ttlMs: number }): Promise<readonly Held[]> {
  const rows = await database.query(statement, [request.holder, request.ttlMs]);
  return rows.map((row) => ({
    tenant: text(row, 'tenant'),
    handle: handleOf(text(row, 'handle'), flag(row, 'is_ordered')),
    fence: number(row, 'fence'),
  }));
}
