import type { RunChange, SettleItem } from '@patchbay/core/adapter';
import type { Statement } from '../database/database.ts';
import { parkingMs } from '../schema/ledger-tables.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { createPack, type Slice, sliceColumns, slicedText } from '../sql/pack.ts';
import { malformed } from '../storage-error.ts';
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
import { changeRuns } from './settle-runs.ts';

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
  ['exchange', 'text', ({ item }) => item.attempt.exchange],
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
 * What a batch of outcomes needs of the statement. A server starts every part of a statement each time that it runs, whether or not a row
 * comes by: for a batch of five that is half of its time. So a statement has the parts that its batch needs and no others.
 */
interface Shape {
  /** Some of the dispatches wait again. */
  readonly returns: boolean;
  /** Runs among the items, and whether some of them go on. */
  readonly runs: 'none' | 'ending' | 'going';
  /** How dispatches that follow are stored; undefined where nothing follows. */
  readonly next: StoreMode | undefined;
}

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
      attempt_provider_request_id, attempt_warnings, attempt_exchange)
    select ${keptFrom('g')}, g.attempts + 1, i.number,
      case when i.outcome_unknown then coalesce(g.unknown_since, ${schema}.moment(i.attempt_started_ms)) end,
      i.goes_to, i.error::json, ${slicedText('i', 'output')}, m.now, ${settleWrite('i')},
      i.outcome, ${schema}.moment(i.attempt_started_ms), i.duration_ms, i.worker, i.retry_in_ms, i.provider_request_id, i.warnings::json,
      i.exchange
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
      error, retry_in_ms, provider_request_id, warnings, exchange)
    select o.tenant, o.root, o.target, o.replay, o.path, i.number, w.round, i.outcome, ${schema}.moment(i.attempt_started_ms),
      i.duration_ms, i.worker, i.fence, i.error::json, i.retry_in_ms, i.provider_request_id, i.warnings::json, i.exchange
    from waiting w join done o using (position) join item i using (position))`;

/** A dispatch whose run has moved on is left as it is. */
const unlessStale = 'left join changed c using (position) where i.run_tenant is null or c.position is not null';

/** Common table expressions that record the outcomes: all of a settlement but what follows. */
const recordOutcomes = (schema: string, { runs, returns }: Shape): string => `
with moment as materialized (select ${schema}.clock() as now),
  item as materialized (select * from ${batchTable(columns, { first: firstItem, alias: 'i', ordinal: 'position' })}),
  ${lockHeld(schema)},${runs === 'none' ? '' : changeRuns(schema, runs === 'going')}
  done as materialized (
    select h.*, i.goes_to in ('succeeded', 'dead', 'cancelled') as final, i.birth_holder, i.birth_lease_ms, i.birth_limit
    from held h join item i using (position) ${runs === 'none' ? '' : unlessStale}),
  ${endDispatches(schema)}${returns ? `, ${returnDispatches(schema)}` : ''}`;

const noRun =
  'null::text as automation_name, null::int as version, null::int as revision, null::float8 as started_at, null::float8 as finished_at';

const runOf = (schema: string): string =>
  `c.automation_name, c.version, c.revision, ${schema}.millis(c.started_at) as started_at, ${schema}.millis(c.finished_at) as finished_at`;

const verdicts = (schema: string, { runs }: Shape): string => `
select h.position, o.position is not null as settled, null::bigint as ordinal, null::bigint as handle, ${schema}.millis(m.now) as now,
  ${runs === 'none' ? noRun : runOf(schema)}
from held h left join done o using (position) ${runs === 'none' ? '' : 'left join changed c using (position) '}cross join moment m`;

const storeNext = (schema: string, mode: StoreMode): string => `,
  parent as materialized (
    select o.position, o.tenant, o.root, o.birth_holder as holder, o.birth_lease_ms as lease_ms, o.birth_limit as lease_limit,
      false as new_root
    from done o),
  ${insertDispatches({ schema, mode, first: firstDispatch, parents: 'parent', adds: true, usual: false })}`;

const bornVerdicts = (mode: StoreMode): string => `
union all
select b.position, true, b.ordinal, b.handle, null, null, null, null, null, null from ${bornLeased(mode)} b`;

/**
 * Records a batch of outcomes, with one statement, in this order: lock the dispatches by their fence, compare and set their runs, and
 * only for those whose run went through end the dispatch or let it wait again, record the attempt and store what follows. Parameters: the
 * pack, the columns. Answers what was settled, what was stale, and the handles of what was born leased.
 */
const settleText = (schema: string, shape: Shape): string =>
  recordOutcomes(schema, shape) +
  (shape.next === undefined ? '' : storeNext(schema, shape.next)) +
  verdicts(schema, shape) +
  (shape.next === undefined ? '' : bornVerdicts(shape.next));

const shapeName = ({ runs, returns, next }: Shape): string => `settle_${next ?? 'last'}_${runs}${returns ? '_returns' : ''}`;

/** One statement for each shape: a statement is known by its object. */
const statements = new Map(
  (['none', 'ending', 'going'] as const)
    .flatMap((runs) => [true, false].map((returns) => ({ runs, returns })))
    .flatMap((shape) => [undefined, 'plain' as const, 'careful' as const].map((next): Shape => ({ ...shape, next })))
    .map((shape): [string, Statement] => [shapeName(shape), { name: shapeName(shape), text: (schema) => settleText(schema, shape) }]),
);

function statementOf(shape: Shape): Statement {
  const statement = statements.get(shapeName(shape));
  if (statement === undefined) throw malformed('There is no statement for a batch of this shape.');
  return statement;
}

const isFinal = ({ settlement }: SettleItem): boolean => ['succeeded', 'dead', 'cancelled'].includes(settlement.to);

/** The statements of a batch, by the way that what follows is stored; where nothing follows, they are the same. */
export function settleStatements(items: readonly SettleItem[], follows: boolean): Readonly<Record<StoreMode, Statement>> {
  const changes = items.flatMap(({ run }) => run ?? []);
  const runs = changes.length === 0 ? 'none' : changes.some(({ status }) => status === 'running') ? 'going' : 'ending';
  const shape = { runs, returns: !items.every(isFinal) } as const;
  const of = (mode: StoreMode): Statement => statementOf({ ...shape, next: follows ? mode : undefined });
  return { plain: of('plain'), careful: of('careful') };
}

/** How many of the values of {@link packOutcomes} the statement takes where nothing follows. */
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
