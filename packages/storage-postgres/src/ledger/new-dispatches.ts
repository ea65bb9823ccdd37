import type { NewDispatch } from '@patchbay/core/adapter';
import { parkingMs } from '../schema/ledger-tables.ts';
import { batchTable, type Column } from '../sql/columns.ts';
import { type Pack, type Slice, sliceColumns, slicedText } from '../sql/pack.ts';
import { malformed } from '../storage-error.ts';
import { laneIsOpen } from './lane-is-open.ts';

/** A dispatch to be stored with the item at `position` of its batch. */
export interface PlacedDispatch {
  readonly position: number;
  readonly dispatch: NewDispatch;
  readonly input: Slice | null;
}

/** Columns of the dispatches of a batch. */
export const newDispatchColumns: readonly Column<PlacedDispatch>[] = [
  ['position', 'int', (item) => item.position],
  ['target', 'text', (item) => item.dispatch.key.target],
  ['replay', 'int', (item) => item.dispatch.key.replay],
  ['path', 'text', (item) => item.dispatch.key.path],
  ['handler', 'text', (item) => item.dispatch.handler],
  ['lane', 'text', (item) => item.dispatch.lane],
  ['work_class', 'text', (item) => item.dispatch.workClass],
  ['operation', 'text', (item) => item.dispatch.operation],
  ['connection', 'text', (item) => item.dispatch.connection],
  ['version', 'int', (item) => item.dispatch.version],
  ['delay_ms', 'float8', (item) => item.dispatch.delayMs],
  ['mark', 'text', (item) => item.dispatch.mark],
  ['on_unknown', 'text', (item) => item.dispatch.onUnknown],
  ['ordering_key', 'text', (item) => item.dispatch.ordering?.key ?? null],
  ['on_dead', 'text', (item) => item.dispatch.ordering?.onDead ?? null],
  ...sliceColumns<PlacedDispatch>('input', (item) => item.input),
];

/** Refuses a key that leads out of its item, so that no item can write below another tenant or root. */
export function checkPlace(
  key: { readonly tenant: string; readonly root: string },
  place: { readonly tenant: string; readonly root: string },
): void {
  if (key.tenant === place.tenant && key.root === place.root) return;
  throw malformed('A run or dispatch names another tenant or root than the item that brings it. Give it the key of its own event.');
}

/** Refuses a delay that is no number. */
export function checkDelay(delayMs: number): void {
  if (!Number.isFinite(delayMs)) throw malformed('A delay is no number. Give milliseconds, 0 for now.');
}

const isRepeated = (dispatches: readonly NewDispatch[], { key }: NewDispatch, index: number): boolean =>
  dispatches.findIndex((other) => other.key.target === key.target && other.key.replay === key.replay && other.key.path === key.path) <
  index;

/** Places the dispatches of an item; of two with one key the first. Throws `invalid_argument` for one that belongs elsewhere. */
export function placeDispatches(
  item: { readonly position: number; readonly tenant: string; readonly root: string },
  dispatches: readonly NewDispatch[],
  pack: Pack,
): PlacedDispatch[] {
  return dispatches.flatMap((dispatch, index) => {
    checkPlace(dispatch.key, item);
    checkDelay(dispatch.delayMs);
    return isRepeated(dispatches, dispatch, index) ? [] : [{ position: item.position, dispatch, input: pack.add(dispatch.input) }];
  });
}

/**
 * How rows are stored. `plain` looks first whether a row is there, and fails when somebody else stores the same one at the same time; the
 * caller then takes `careful`, which lets such a row be. Asking the server to let conflicts be costs as much again as the row itself (20
 * us against 9 us with two unique indexes), so it is not asked while all goes well.
 */
export type StoreMode = 'plain' | 'careful';

/** End of an insert in SQL, by its mode. */
export const onConflict = (mode: StoreMode): string => (mode === 'careful' ? 'on conflict do nothing' : '');

/** What {@link insertDispatches} stands on. */
export interface InsertSource {
  readonly schema: string;
  readonly mode: StoreMode;
  /** Number of the first parameter of the dispatch columns. */
  readonly first: number;
  /**
   * A table expression with a row for each item that may bring dispatches: position, tenant, root, new_root (nothing can be stored below
   * the root yet), holder, lease_ms and lease_limit (null where none is born leased).
   */
  readonly parents: string;
  /** False where each root is new with its parent, so that nothing need be looked for. */
  readonly adds: boolean;
  /** True where all runs go on and no parent brings more dispatches than may be born leased. */
  readonly usual: boolean;
}

// As in laneIsOpen: a look-up by key per row, never a hash of the table.
const isStored = (schema: string, table: string): string =>
  `(select true from ${schema}.${table} x where x.tenant = p.tenant and x.root = p.root and x.target = d.target and x.replay = d.replay
      and x.path = d.path limit 1)`;

const unlessStored = (schema: string): string => `
    where p.new_root or (${isStored(schema, 'dispatches')} is null and ${isStored(schema, 'dispatch_history')} is null)`;

const withinLimit =
  ', p.ripe and count(*) filter (where p.ripe) over (partition by p.position order by p.ordinal) <= p.lease_limit as leased';

/**
 * Common table expressions that store dispatches: `planned`, `ranked` and `born`. The first due ones with an open gate are born leased,
 * as far as the item's lease goes; what is stored already, open or ended, is left as it is. What has an ordering
 * key is stored as waiting for its turn, by whoever has locked the key. Needs `moment` before it.
 */
export const insertDispatches = ({ schema, mode, first, parents, adds, usual }: InsertSource): string => `
  planned as ${usual ? '' : 'materialized '}(
    select d.*, p.tenant, p.root, p.holder, p.lease_ms, p.lease_limit,
      p.holder is not null and d.ordering_key is null and d.delay_ms <= 0 and ${laneIsOpen(schema, 'p.tenant', 'd.lane')} as ${usual ? 'leased' : 'ripe'}
    from ${batchTable(newDispatchColumns, { first, alias: 'd', ordinal: 'ordinal' })} join ${parents} p using (position)${adds ? unlessStored(schema) : ''}),
  ranked as materialized (
    select p.*, nextval('${schema}.dispatch_handles') as handle${usual ? '' : withinLimit}
    from planned p),
  born as (
    insert into ${schema}.dispatches (handle, tenant, root, target, replay, path, handler, lane, work_class, operation, connection,
      input, version, mark, on_unknown, ordering_key, on_dead, status, parked, created_at, due_at, turn_due_at, fence, holder, lease_until, claimed_at, sent_at,
      marked_first, first_sent_at, round, attempts, crashes, last_attempt, last_write)
    select r.handle, r.tenant, r.root, r.target, r.replay, r.path, r.handler, r.lane, r.work_class, r.operation, r.connection,
      ${slicedText('r', 'input')}, r.version, r.mark, r.on_unknown, r.ordering_key, r.on_dead,
      case when r.leased then 'leased' else 'pending' end,
      not r.leased and (r.delay_ms > ${parkingMs} or r.ordering_key is not null), m.now,
      case when r.ordering_key is null then m.now + r.delay_ms * interval '1 millisecond' else 'infinity' end,
      case when r.ordering_key is not null then m.now + r.delay_ms * interval '1 millisecond' end, r.leased::int,
      case when r.leased then r.holder end, case when r.leased then m.now + r.lease_ms * interval '1 millisecond' end,
      case when r.leased then m.now end, case when r.leased and r.mark = 'claim' then m.now end, r.leased and r.mark = 'claim',
      case when r.leased and r.mark = 'claim' then m.now end, 1, 0, 0, 0, 'birth'
    from ranked r cross join moment m
    ${onConflict(mode)}
    ${mode === 'careful' ? 'returning handle' : ''})`;

/** Table expression of what was born leased, with position, ordinal and handle. Needs {@link insertDispatches} before it. */
export const bornLeased = (mode: StoreMode): string =>
  mode === 'careful'
    ? '(select r.position, r.ordinal, r.handle from ranked r join born b using (handle) where r.leased)'
    : '(select r.position, r.ordinal, r.handle from ranked r where r.leased)';
