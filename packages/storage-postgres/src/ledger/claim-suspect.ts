import type { ClaimedDispatch, ClaimRequest, DispatchKey, ErrorRecord } from '@patchbay/core/adapter';
import type { Database, Statement } from '../database/database.ts';
import { suspectCondition } from '../schema/ledger-tables.ts';
import { batchTable, batchValues } from '../sql/columns.ts';
import { claimedDispatches } from './claimed-dispatches.ts';
import { openColumns } from './dispatch-record.ts';
import { laneIsOpen } from './lane-is-open.ts';
import { leaseAssignments } from './lease-assignments.ts';
import { joinRun, runColumns } from './run-record.ts';
import { keyColumns, sameKey } from './still-born.ts';

/** The error of an attempt whose worker did not come back. */
const crashed: ErrorRecord = {
  code: 'crashed',
  message: 'The worker that held this dispatch let its lease run out, so its outcome is unknown. Look for a stopped or stalled process.',
};

const crashedJson = `'${JSON.stringify(crashed)}'::json`;

const mayTake = (schema: string): string => `d.handler = any ($3::text[]) and ${laneIsOpen(schema, 'd.tenant', 'd.lane')}`;

const expired = "d.status = 'leased' and d.lease_until <= (select now from moment)";
const crashedAndDue = "d.status = 'pending' and d.crashes > 0 and d.due_at <= (select now from moment)";

/** Suspects wherever they are: the expired leases, and what has crashed and is due. Each is found by an index that holds nothing else. */
const anySuspect = (schema: string): string => `
    select d.ctid as tuple, d.lease_until as since from ${schema}.dispatches d where ${expired} and ${mayTake(schema)}
    union all
    (select d.ctid, d.due_at from ${schema}.dispatches d
      where ${suspectCondition} and d.due_at <= (select now from moment) and ${mayTake(schema)}
      order by d.due_at limit 10)`;

const namedSuspect = (schema: string): string => `
    select x.tuple, k.position::int as since from ${batchTable(keyColumns, { first: 4, alias: 'k', ordinal: 'position' })}
    cross join lateral (
      select d.ctid as tuple from ${schema}.dispatches d
      where ${sameKey('d', 'k')} and (${expired} or ${crashedAndDue}) and ${mayTake(schema)}
      limit 1) x`;

/**
 * Takes one suspect over. Where its lease has expired, that was an attempt whose outcome nobody knows: it is counted and recorded as
 * such. The row is looked at again under its lock, so that two racers do not both take it. Parameters: holder, lease in ms, handlers, and
 * the keys.
 */
const takeOver = (schema: string, candidates: string): string => `
with moment as materialized (select ${schema}.clock() as now),
  candidate as materialized (select tuple, since from (${candidates}) c order by since limit 10),
  picked as materialized (
    select x.* from candidate c cross join lateral (
      select d.handle, d.status = 'leased' as broken, d.tenant, d.root, d.target, d.replay, d.path, d.last_attempt, d.round, d.sent_at,
        d.claimed_at, d.holder, d.fence
      from ${schema}.dispatches d where d.ctid = c.tuple and (${expired} or ${crashedAndDue}) for update skip locked) x
    limit 1),
  recorded as (
    insert into ${schema}.attempts (tenant, root, target, replay, path, number, round, outcome, started_at, holder, fence, error)
    select p.tenant, p.root, p.target, p.replay, p.path, p.last_attempt + 1, p.round, 'unknown', coalesce(p.sent_at, p.claimed_at),
      p.holder, p.fence, ${crashedJson}
    from picked p where p.broken),
  taken as (
    update ${schema}.dispatches d set
      attempts = d.attempts + p.broken::int, crashes = d.crashes + p.broken::int, last_attempt = d.last_attempt + p.broken::int,
      error = case when p.broken then ${crashedJson} else d.error end,
      unknown_since = case when p.broken then coalesce(d.unknown_since, d.sent_at) else d.unknown_since end,
      ${leaseAssignments({ holder: '$1', leaseMs: '$2', now: 'm.now' })}
    from picked p cross join moment m where d.handle = p.handle and d.handle = any (array(select handle from picked))
    returning d.*)
select ${openColumns(schema, 't')}, t.handle, ${schema}.millis(m.now) as store_now, ${runColumns(schema, 'r')}
from moment m cross join taken t ${joinRun(schema, 't', 'r')}`;

const anyStatement: Statement = { name: 'claim_suspect', text: (schema) => takeOver(schema, anySuspect(schema)) };
const namedStatement: Statement = { name: 'claim_suspect_key', text: (schema) => takeOver(schema, namedSuspect(schema)) };

/**
 * Claims at most one dispatch that has crashed or whose lease has expired, the longest waiting first; of named ones the first that fits.
 */
export async function claimSuspect(
  database: Database,
  request: ClaimRequest,
  keys: readonly DispatchKey[] | undefined,
): Promise<readonly ClaimedDispatch[]> {
  if (request.limit < 1 || keys?.length === 0) return [];
  const by = [request.holder, request.ttlMs, [...request.handlers]];
  const rows =
    keys === undefined
      ? await database.query(anyStatement, by)
      : await database.query(namedStatement, [...by, ...batchValues(keyColumns, keys)]);
  return claimedDispatches(database, rows);
}
