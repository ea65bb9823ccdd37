import type { EventMark } from '@patchbay/core/adapter';
import type { Database, Statement } from '../database/database.ts';
import { number, text } from '../row.ts';
import { eventRecord, eventRecordColumns } from './event-record.ts';

const isFree = '(m.lease_until is null or m.lease_until <= (select now from moment))';

/**
 * Of the marks that are routed in order only the first of each tenant can be claimed: they are found by one probe of the index for each
 * tenant. Whoever looks at the same moment finds the same one, and it is locked.
 */
const statement: Statement = {
  name: 'claim_marks',
  text: (schema) => `
with recursive moment as materialized (select ${schema}.clock() as now),
  free as materialized (
    select m.ctid as place, m.position from ${schema}.event_marks m where not m.in_order and ${isFree}
    order by m.position limit $3::int for update skip locked),
  heads (tenant, position) as (
    (select m.tenant, m.position from ${schema}.event_marks m where m.in_order order by m.tenant, m.position limit 1)
    union all
    select n.tenant, n.position from heads h cross join lateral (
      select m.tenant, m.position from ${schema}.event_marks m where m.in_order and m.tenant > h.tenant
      order by m.tenant, m.position limit 1) n),
  first_of_tenant as materialized (
    select m.ctid as place, m.position from ${schema}.event_marks m
    where m.position = any (array(select position from heads)) and ${isFree} for update skip locked),
  picked as materialized (
    select place from (select * from free union all select * from first_of_tenant) m order by position limit $3),
  taken as (
    update ${schema}.event_marks m set fence = m.fence + 1, holder = $1::text, lease_until = n.now + $2::float8 * interval '1 millisecond'
    from moment n where m.ctid = any (array(select place from picked))
    returning m.position, m.tenant, m.root, m.fence, m.routed)
select ${eventRecordColumns(schema, 'e')}, t.fence as mark_fence, t.routed
from taken t cross join lateral (select * from ${schema}.events x where x.tenant = t.tenant and x.id = t.root limit 1) e
order by t.position`,
};

/** Leases routing marks, oldest first; an expired lease is taken over. */
export async function claimMarks(
  database: Database,
  request: { readonly holder: string; readonly limit: number; readonly ttlMs: number },
): Promise<readonly EventMark[]> {
  if (request.limit < 1) return [];
  const rows = await database.query(statement, [request.holder, request.ttlMs, request.limit]);
  return rows.map((row) => ({
    tenant: text(row, 'tenant'),
    root: text(row, 'id'),
    event: eventRecord(row),
    fence: number(row, 'mark_fence'),
    routed: number(row, 'routed'),
  }));
}
