import type { RunChange, SettleItem } from '@patchbay/core/adapter';
import type { Statement } from '../database.ts';
import { parkingMs } from '../schema/ledger-tables.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { createPack, type Slice, sliceColumns, slicedText } from '../sql/pack.ts';
import { heldColumns, lockHeld } from './held-items.ts';
import {
  bornLeased,
  checkDelay,
  insertDispatches,
  newDispatchColumns,
  type PlacedDispatch,
  placeDispatches,
  type StoreMode,
} from './new-dispatches.ts';
import { runFields } from './run-moves.ts';

interface PackedItem {
  readonly item: SettleItem;
  readonly run: RunChange | null;
  readonly state: Slice | null;
  readonly output: Slice | null;
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

const unknown = ({ settlement, attempt }: SettleItem): boolean =>
  settlement.to === 'pending' ? settlement.unknown : attempt.outcome === 'unknown';

const columns: readonly Column<PackedItem>[] = [
  ...heldColumns.map(([name, type, of]): Column<PackedItem> => [name, type, ({ item }) => of(item)]),
  ['number', 'int', ({ item }) => item.attempt.number],
  ['outcome', 'text', ({ item }) => item.attempt.outcome],
  ['attempt_started_ms', 'float8', ({ item }) => item.attempt.startedAt],
  ['duration_ms', 'float8', ({ item }) => item.attempt.durationMs],
  ['worker', 'text', ({ item }) => item.attempt.holder],
  ['error', 'text', ({ item }) => json(item.attempt.error)],
  ['retry_in_ms', 'float8', ({ item }) => item.attempt.retryInMs],
  ['provider_request_id', 'text', ({ item }) => item.attempt.providerRequestId],
  ['warnings', 'text', ({ item }) => (item.attempt.warnings.length === 0 ? null : JSON.stringify(item.attempt.warnings))],
  ['outcome_unknown', 'bool', ({ item }) => unknown(item)],
  ['goes_to', 'text', ({ item }) => item.settlement.to],
  ['delay_ms', 'float8', ({ item }) => (item.settlement.to === 'pending' ? item.settlement.delayMs : 0)],
  ['reason', 'text', ({ item }) => (item.settlement.to === 'pending' ? item.settlement.reason : null)],
  ...sliceColumns<PackedItem>('output', ({ output }) => output),
  ['run_tenant', 'text', ({ run }) => run?.key.tenant ?? null],
  ['run_root', 'uuid', ({ run }) => run?.key.root ?? null],
  ['run_automation', 'text', ({ run }) => run?.key.automation ?? null],
  ['run_replay', 'int', ({ run }) => run?.key.replay ?? null],
  ['run_revision', 'int', ({ run }) => run?.revision ?? null],
  ['run_status', 'text', ({ run }) => run?.status ?? null],
  ['run_error', 'text', ({ run }) => json(run?.error ?? null)],
  ...sliceColumns<PackedItem>('run_state', ({ state }) => state),
  ['birth_holder', 'text', ({ item }) => item.lease?.holder ?? null],
  ['birth_lease_ms', 'float8', ({ item }) => item.lease?.ttlMs ?? null],
  ['birth_limit', 'int', ({ item }) => item.lease?.limit ?? null],
];

const firstItem = 2;
const firstDispatch = firstItem + columns.length;

/** Fields that an ended dispatch takes over from the open one. */
const kept = [
  ...['handle', 'tenant', 'root', 'target', 'replay', 'path', 'handler', 'lane', 'work_class', 'operation', 'connection', 'input'],
  ...['version', 'mark', 'on_unknown', 'created_at', 'due_at', 'fence', 'round', 'crashes', 'first_sent_at'],
  ...['ordering_key', 'on_dead', 'ordering_number'],
];

const keptFrom = (alias: string): string => kept.map((name) => `${alias}.${name}`).join(', ');

/**
 * Common table expressions that change runs by compare-and-set. `run_found` locks those whose revision is the one that the change was
 * worked out from, in the order of their keys, so that two batches with the same runs do not wait for each other in a circle. What goes on
 * is changed where it is, what ends moves to the history; `changed` has both.
 */
const changeRuns = (schema: string): string => `
  run_found as materialized (
    select k.*, x.place from (
      select i.position, i.run_tenant, i.run_root, i.run_automation, i.run_replay, i.run_revision, i.run_status, i.run_error,
        i.run_state_from, i.run_state_length
      from held h join item i using (position) where i.run_revision is not null and i.run_tenant = h.tenant and i.run_root = h.root
      order by i.run_tenant, i.run_root, i.run_automation, i.run_replay) k
    cross join lateral (
      select r.ctid as place from ${schema}.runs r
      where r.tenant = k.run_tenant and r.root = k.run_root and r.automation = k.run_automation and r.replay = k.run_replay
        and r.revision = k.run_revision
      limit 1 for update) x),
  going as (
    update ${schema}.runs r set revision = r.revision + 1, status = k.run_status, state = ${slicedText('k', 'run_state')},
      error = k.run_error::json, finished_at = null
    from run_found k
    where r.ctid = k.place and r.ctid = any (array(select place from run_found where run_status = 'running'))
    returning k.position, r.automation_name, r.version, r.revision, r.started_at),
  finished as (
    delete from ${schema}.runs r using run_found k
    where r.ctid = k.place and r.ctid = any (array(select place from run_found where run_status <> 'running'))
    returning k.position, r.automation_name, r.version, r.revision + 1 as revision, r.started_at),
  filed as (
    insert into ${schema}.run_history (${runFields})
    select k.run_tenant, k.run_root, k.run_automation, k.run_replay, f.automation_name, f.version, k.run_status,
      ${slicedText('k', 'run_state')}, k.run_error::json, f.revision, f.started_at, m.now
    from finished f join run_found k using (position) cross join moment m),
  changed as (
    select g.position, g.automation_name, g.version, g.revision, g.started_at, null::timestamptz as finished_at from going g
    union all
    select f.position, f.automation_name, f.version, f.revision, f.started_at, m.now from finished f cross join moment m)`;

/** What a row says when a settlement wrote it last, by which a repeated one is told from a second, different outcome of the same lease. */
export const settleWrite = (item: string): string => `concat_ws(':', 'settle', ${item}.goes_to, ${item}.outcome)`;

/** Common table expressions that move what has ended to the history, with the attempt that ended it. */
const endDispatches = (schema: string): string => `
  gone as (
    delete from ${schema}.dispatches d using done o
    where d.handle = o.handle and d.handle = any (array(select handle from done where final))
    returning o.position, ${keptFrom('d')}, d.attempts, d.unknown_since),
  ended as (
    insert into ${schema}.dispatch_history (${kept.join(', ')}, attempts, last_attempt, unknown_since, status, error,
      output, finished_at, last_write, attempt_outcome, attempt_started_at, attempt_duration_ms, attempt_holder, attempt_retry_in_ms,
      attempt_provider_request_id, attempt_warnings)
    select ${keptFrom('g')}, g.attempts + 1, i.number,
      case when i.outcome_unknown then coalesce(g.unknown_since, ${schema}.moment(i.attempt_started_ms)) end,
      i.goes_to, i.error::json, ${slicedText('i', 'output')}, m.now, ${settleWrite('i')},
      i.outcome, ${schema}.moment(i.attempt_started_ms), i.duration_ms, i.worker, i.retry_in_ms, i.provider_request_id, i.warnings::json
    from gone g join item i using (position) cross join moment m)`;

/** Common table expressions that let a dispatch wait again, and record the attempt. */
const returnDispatches = (schema: string): string => `
  waiting as (
    update ${schema}.dispatches d set status = i.goes_to, parked = i.delay_ms > ${parkingMs},
      due_at = case when i.goes_to = 'pending' then m.now + i.delay_ms * interval '1 millisecond' else d.due_at end,
      holder = null, lease_until = null, claimed_at = null, sent_at = null, marked_first = false,
      attempts = d.attempts + 1, last_attempt = i.number,
      unknown_since = case when i.outcome_unknown then coalesce(d.unknown_since, ${schema}.moment(i.attempt_started_ms)) end,
      error = i.error::json, reason = i.reason, last_write = ${settleWrite('i')}
    from done o join item i using (position) cross join moment m
    where d.handle = o.handle and d.handle = any (array(select handle from done where not final))
    returning o.position, d.round),
  tried as (
    insert into ${schema}.attempts (tenant, root, target, replay, path, number, round, outcome, started_at, duration_ms, holder, fence,
      error, retry_in_ms, provider_request_id, warnings)
    select o.tenant, o.root, o.target, o.replay, o.path, i.number, w.round, i.outcome, ${schema}.moment(i.attempt_started_ms),
      i.duration_ms, i.worker, i.fence, i.error::json, i.retry_in_ms, i.provider_request_id, i.warnings::json
    from waiting w join done o using (position) join item i using (position))`;

/** Common table expressions that record the outcomes: all of a settlement but what follows. */
const recordOutcomes = (schema: string): string => `
with moment as materialized (select ${schema}.clock() as now),
  item as materialized (select * from ${batchTable(columns, { first: firstItem, alias: 'i', ordinal: 'position' })}),
  ${lockHeld(schema)},
  ${changeRuns(schema)},
  done as materialized (
    select h.*, i.goes_to in ('succeeded', 'dead', 'cancelled') as final, i.birth_holder, i.birth_lease_ms, i.birth_limit
    from held h join item i using (position) left join changed c using (position)
    where i.run_tenant is null or c.position is not null),
  ${endDispatches(schema)},
  ${returnDispatches(schema)}`;

const verdicts = (schema: string): string => `
select h.position, o.position is not null as settled, null::bigint as ordinal, null::bigint as handle, ${schema}.millis(m.now) as now,
  c.automation_name, c.version, c.revision, ${schema}.millis(c.started_at) as started_at, ${schema}.millis(c.finished_at) as finished_at
from held h left join done o using (position) left join changed c using (position) cross join moment m`;

/**
 * Records a batch of outcomes, with one statement, in this order: lock the dispatches by their fence, compare and set their runs, and
 * only for those whose run went through end the dispatch or let it wait again, record the attempt and store what follows. Parameters: the
 * pack, the columns. Answers what was settled, what was stale, and the handles of what was born leased.
 */
const settleText = (schema: string, mode: StoreMode): string => `${recordOutcomes(schema)},
  parent as materialized (
    select o.position, o.tenant, o.root, o.birth_holder as holder, o.birth_lease_ms as lease_ms, o.birth_limit as lease_limit,
      false as new_root
    from done o),
  ${insertDispatches({ schema, mode, first: firstDispatch, parents: 'parent' })}
${verdicts(schema)}
union all
select b.position, true, b.ordinal, b.handle, null, null, null, null, null, null from ${bornLeased(mode)} b`;

/** The statements of settle, by the way that rows are stored. */
export const settleStatements: Readonly<Record<StoreMode, Statement>> = {
  plain: { name: 'settle', text: (schema) => settleText(schema, 'plain') },
  careful: { name: 'settle_careful', text: (schema) => settleText(schema, 'careful') },
};

/** The same where nothing follows: neither the open dispatches nor the history are looked through for what would. */
export const settleLastStatement: Statement = {
  name: 'settle_last',
  text: (schema) => `${recordOutcomes(schema)}\n${verdicts(schema)}`,
};

/** How many of the values of {@link packOutcomes} {@link settleLastStatement} takes. */
export const lastValueCount = firstDispatch - 1;

/** A batch as the statements of settle take it. */
export interface PackedOutcomes {
  readonly values: readonly unknown[];
  /** The dispatches that follow, in the order of their ordinals, which count from 1. */
  readonly dispatches: readonly PlacedDispatch[];
}

/** Parameters of {@link settleStatements}. Positions count from 1. Throws `invalid_argument` for what cannot be stored. */
export function packOutcomes(items: readonly SettleItem[]): PackedOutcomes {
  const pack = createPack();
  const packed: PackedItem[] = [];
  const dispatches: PlacedDispatch[] = [];
  for (const [index, item] of items.entries()) {
    const { run, settlement } = item;
    if (settlement.to === 'pending') checkDelay(settlement.delayMs);
    packed.push({
      item,
      run,
      state: run === null ? null : pack.add(run.state),
      output: settlement.to === 'succeeded' ? pack.add(settlement.output) : null,
    });
    if (run === null) continue;
    dispatches.push(...placeDispatches({ position: index + 1, tenant: run.key.tenant, root: run.key.root }, run.next, pack));
  }
  return { values: [pack.bytes(), ...batchValues(columns, packed), ...batchValues(newDispatchColumns, dispatches)], dispatches };
}
