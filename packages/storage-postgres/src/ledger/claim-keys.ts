import type { ClaimedDispatch, ClaimRequest, DispatchKey } from '@patchbay/core/adapter';
import type { Database, Statement } from '../database/database.ts';
import { batchTable, batchValues } from '../sql/columns.ts';
import { claimedDispatches } from './claimed-dispatches.ts';
import { openColumns } from './dispatch-record.ts';
import { laneIsOpen } from './lane-is-open.ts';
import { leaseAssignments } from './lease-assignments.ts';
import { joinRun, runColumns } from './run-record.ts';
import { keyColumns, sameKey } from './still-born.ts';

const statement: Statement = {
  name: 'claim_keys',
  text: (schema) => `
with moment as materialized (select ${schema}.clock() as now),
  picked as materialized (
    select x.tuple from (select distinct tenant, root, target, replay, path
      from ${batchTable(keyColumns, { first: 5, alias: 'k', ordinal: 'position' })}) k
    cross join lateral (
      select d.ctid as tuple from ${schema}.dispatches d
      where ${sameKey('d', 'k')} and d.status = 'pending' and d.crashes = 0 and d.due_at <= (select now from moment)
        and d.handler = any ($3::text[]) and ${laneIsOpen(schema, 'd.tenant', 'd.lane')}
      limit 1 for update skip locked) x
    limit $4::int),
  taken as (
    update ${schema}.dispatches d set ${leaseAssignments({ holder: '$1', leaseMs: '$2', now: 'm.now' })}
    from moment m where d.ctid = any (array(select tuple from picked))
    returning d.*)
select ${openColumns(schema, 't')}, t.handle, ${schema}.millis(m.now) as store_now, ${runColumns(schema, 'r')}
from moment m cross join taken t ${joinRun(schema, 't', 'r')}
order by t.due_at, t.handle`,
};

/** Claims exactly the dispatches that are named, as far as they are due and free. */
export async function claimKeys(
  database: Database,
  request: ClaimRequest,
  keys: readonly DispatchKey[],
): Promise<readonly ClaimedDispatch[]> {
  if (keys.length === 0) return [];
  const { holder, ttlMs, handlers, limit } = request;
  const rows = await database.query(statement, [holder, ttlMs, [...handlers], limit, ...batchValues(keyColumns, keys)]);
  return claimedDispatches(database, rows);
}
