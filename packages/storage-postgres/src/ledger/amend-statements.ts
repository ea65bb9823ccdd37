import type { DispatchKey, DispatchRecord, ErrorRecord } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { type Row, text } from '../row.ts';
import { parkingMs } from '../schema/ledger-tables.ts';
import { dispatchRecord, endedColumns, openColumns } from './dispatch-record.ts';
import { type KeyName, keyName } from './ordering-keys.ts';

/** A dispatch as it is found, open or ended, with its row locked. */
export interface FoundDispatch {
  readonly open: boolean;
  readonly handle: string;
  readonly lastWrite: string;
  readonly record: DispatchRecord;
}

const byKey = (alias: string): string =>
  `${alias}.tenant = $1 and ${alias}.root = $2::uuid and ${alias}.target = $3 and ${alias}.replay = $4::int and ${alias}.path = $5`;

const findOpen: Statement = {
  name: 'find_open',
  text: (schema) => `select ${openColumns(schema, 'd')}, d.handle, d.last_write from ${schema}.dispatches d where ${byKey('d')} for update`,
};

const findEnded: Statement = {
  name: 'find_ended',
  text: (schema) =>
    `select ${endedColumns(schema, 'd')}, d.handle, d.last_write from ${schema}.dispatch_history d where ${byKey('d')} for update`,
};

const foundDispatch = (row: Row, open: boolean): FoundDispatch => ({
  open,
  handle: text(row, 'handle'),
  lastWrite: text(row, 'last_write'),
  record: dispatchRecord(row),
});

/** Finds and locks a dispatch. It may move between the two tables while they are looked at, so the first is looked at again. */
export async function findDispatch(database: Database, client: ClientBase, key: DispatchKey): Promise<FoundDispatch | null> {
  const values = [key.tenant, key.root, key.target, key.replay, key.path];
  for (const statement of [findOpen, findEnded, findOpen]) {
    const [row] = await database.query(statement, values, client);
    if (row !== undefined) return foundDispatch(row, statement === findOpen);
  }
  return null;
}

/** Fields that a dispatch has in both tables and that moving it does not change. */
const moved =
  'handle, tenant, root, target, replay, path, handler, lane, work_class, operation, connection, input, version, mark, on_unknown, ' +
  'created_at, fence, last_attempt, ordering_key, on_dead, ordering_number';

const end: Statement = {
  name: 'end_waiting',
  text: (schema) => `
with gone as (
  delete from ${schema}.dispatches where handle = any (array(select handle from unnest($1::bigint[]) handle order by handle)) returning *)
insert into ${schema}.dispatch_history (${moved}, due_at, round, attempts, crashes, first_sent_at, unknown_since,
  status, error, output, finished_at, last_write)
select ${moved}, coalesce(turn_due_at, due_at), round, attempts, crashes, first_sent_at, unknown_since,
  $2::text, case when $3::bool then $4::json else error end, $5::text, ${schema}.clock(), $6::text
from gone`,
};

/** How {@link endWaiting} ends dispatches. */
export interface Ending {
  readonly database: Database;
  readonly client: ClientBase;
  /** Open dispatches whose rows are locked. */
  readonly handles: readonly string[];
  readonly status: 'succeeded' | 'dead' | 'cancelled';
  readonly output: string | null;
  /** The error in place of the last attempt's; `keep` leaves that. */
  readonly error: { readonly replace: ErrorRecord | null } | 'keep';
  readonly lastWrite: string;
}

/** Ends dispatches without an attempt: moves them to the history. */
export async function endWaiting({ database, client, handles, status, output, error, lastWrite }: Ending): Promise<void> {
  const json = error === 'keep' || error.replace === null ? null : JSON.stringify(error.replace);
  await database.query(end, [handles, status, error !== 'keep', json, output, lastWrite], client);
}

// What is ordered waits for its turn, which may be at once.
const newRound = (schema: string, row: string): string => `
  'pending', ${row}.ordering_key is not null or $1::float8 > ${parkingMs},
  case when ${row}.ordering_key is null then ${schema}.clock() + $1 * interval '1 millisecond' else 'infinity' end,
  case when ${row}.ordering_key is not null then ${schema}.clock() + $1 * interval '1 millisecond' end, ${row}.round + 1, 0, 0,
  case when $2::bool then null else ${row}.unknown_since end, $3::text`;

const openHeld: Statement = {
  name: 'reopen_held',
  text: (schema) => `
update ${schema}.dispatches d set
  (status, parked, due_at, turn_due_at, round, attempts, crashes, unknown_since, last_write) = row (${newRound(schema, 'd')}),
  first_sent_at = null, reason = null
where d.handle = $4::bigint`,
};

/** The attempt that ended it goes to the others, as there will be more. */
const openEnded: Statement = {
  name: 'reopen_ended',
  text: (schema) => `
with back as (
  delete from ${schema}.dispatch_history h
  where h.tenant = $4 and h.root = $5::uuid and h.target = $6 and h.replay = $7::int and h.path = $8 returning *),
  tried as (
    insert into ${schema}.attempts (tenant, root, target, replay, path, number, round, outcome, started_at, duration_ms, holder, fence,
      error, retry_in_ms, provider_request_id, warnings, exchange)
    select tenant, root, target, replay, path, last_attempt, round, attempt_outcome, attempt_started_at, attempt_duration_ms,
      attempt_holder, fence, error, attempt_retry_in_ms, attempt_provider_request_id, attempt_warnings, attempt_exchange
    from back where attempt_outcome is not null)
insert into ${schema}.dispatches (${moved}, error, status, parked, due_at, turn_due_at, round, attempts, crashes, unknown_since, last_write)
select ${moved}, error, ${newRound(schema, 'back')} from back`,
};

const giveUp: Statement = {
  name: 'give_up_dead',
  text: (schema) => `
update ${schema}.dispatch_history h set status = $6::text, output = $7::text, error = case when $8::bool then null else h.error end,
  finished_at = ${schema}.clock(), last_write = $9::text
where ${byKey('h')}`,
};

/** Ends a dispatch that has ended dead already, and blocks its ordering key. */
export async function giveUpDead(
  ending: Omit<Ending, 'handles' | 'error'> & { readonly key: DispatchKey; readonly forgetError: boolean },
): Promise<void> {
  const { database, client, key, status, output, forgetError, lastWrite } = ending;
  const { tenant, root, target, replay, path } = key;
  await database.query(giveUp, [tenant, root, target, replay, path, status, output, forgetError, lastWrite], client);
}

const keysOfDispatch: Statement = {
  name: 'ordering_key_of',
  text: (schema) => `
select d.tenant, d.target, d.ordering_key from ${schema}.dispatches d where ${byKey('d')} and d.ordering_key is not null
union select h.tenant, h.target, h.ordering_key from ${schema}.dispatch_history h where ${byKey('h')} and h.ordering_key is not null`,
};

/** The ordering key of a dispatch, open or ended, as a list of at most one. It never changes. */
export async function orderingKeysOf(
  database: Database,
  client: ClientBase,
  { tenant, root, target, replay, path }: DispatchKey,
): Promise<readonly KeyName[]> {
  return (await database.query(keysOfDispatch, [tenant, root, target, replay, path], client)).map(keyName);
}

/** How a new round is opened. */
export interface Reopening {
  readonly database: Database;
  readonly client: ClientBase;
  readonly handle: string;
  readonly key: DispatchKey;
  readonly delayMs: number;
  readonly forget: boolean;
  readonly lastWrite: string;
}

/** Opens the next round of a held dispatch. */
export async function reopenHeld({ database, client, handle, delayMs, forget, lastWrite }: Reopening): Promise<void> {
  await database.query(openHeld, [delayMs, forget, lastWrite, handle], client);
}

/** Opens the next round of an ended dispatch: moves it back among the open ones. */
export async function reopenEnded({ database, client, key, delayMs, forget, lastWrite }: Reopening): Promise<void> {
  const { tenant, root, target, replay, path } = key;
  await database.query(openEnded, [delayMs, forget, lastWrite, tenant, root, target, replay, path], client);
}
