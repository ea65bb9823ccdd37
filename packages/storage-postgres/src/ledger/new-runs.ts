import type { NewRun } from '@patchbay/core/adapter';
import { batchTable, type Column } from '../sql/columns.ts';
import { type Pack, type Slice, sliceColumns, slicedText } from '../sql/pack.ts';
import { checkPlace, type InsertSource, onConflict } from './new-dispatches.ts';
import { runFields } from './run-moves.ts';

/** A run to be stored with the item at `position` of its batch. */
export interface PlacedRun {
  readonly position: number;
  readonly run: NewRun;
  readonly state: Slice | null;
}

/** Columns of the runs of a batch. */
export const newRunColumns: readonly Column<PlacedRun>[] = [
  ['position', 'int', (item) => item.position],
  ['automation', 'text', (item) => item.run.key.automation],
  ['replay', 'int', (item) => item.run.key.replay],
  ['automation_name', 'text', (item) => item.run.automationName],
  ['version', 'int', (item) => item.run.version],
  ['status', 'text', (item) => item.run.status],
  ['error', 'text', (item) => (item.run.error === null ? null : JSON.stringify(item.run.error))],
  ...sliceColumns<PlacedRun>('state', (item) => item.state),
];

const isRepeated = (runs: readonly NewRun[], { key }: NewRun, index: number): boolean =>
  runs.findIndex((other) => other.key.automation === key.automation && other.key.replay === key.replay) < index;

/** Places the runs of an item; of two with one key the first. Throws `invalid_argument` for one that belongs elsewhere. */
export function placeRuns(
  item: { readonly position: number; readonly tenant: string; readonly root: string },
  runs: readonly NewRun[],
  pack: Pack,
): PlacedRun[] {
  return runs.flatMap((run, index) => {
    checkPlace(run.key, item);
    return isRepeated(runs, run, index) ? [] : [{ position: item.position, run, state: pack.add(run.state) }];
  });
}

/** First revision of a run. */
export const firstRevision = 1;

const isStored = (schema: string, table: string): string =>
  `(select true from ${schema}.${table} x
      where x.tenant = p.tenant and x.root = p.root and x.automation = r.automation and x.replay = r.replay limit 1)`;

const insertInto = (schema: string, table: string, condition: string): string => `
    insert into ${schema}.${table} (${runFields})
    select b.tenant, b.root, b.automation, b.replay, b.automation_name, b.version, b.status, ${slicedText('b', 'state')}, b.error::json,
      ${firstRevision}, m.now, case when b.status <> 'running' then m.now end
    from begun b cross join moment m ${condition}`;

const unlessStored = (schema: string): string => `
    where p.new_root or (${isStored(schema, 'runs')} is null and ${isStored(schema, 'run_history')} is null)`;

/**
 * Common table expressions that store runs, those that end as they begin in the history; one that is stored already is left as it is. Needs
 * `moment` before them.
 */
export const insertRuns = ({ schema, mode, first, parents, adds, usual }: InsertSource): string => `
  begun as ${usual ? '' : 'materialized '}(
    select p.tenant, p.root, r.* from ${batchTable(newRunColumns, { first, alias: 'r', ordinal: 'ordinal' })} join ${parents} p using (position)${adds ? unlessStored(schema) : ''}),
  started as (${insertInto(schema, 'runs', usual ? '' : "where b.status = 'running'")} ${onConflict(mode)})${
    usual
      ? ''
      : `,
  ended_at_once as (${insertInto(schema, 'run_history', "where b.status <> 'running'")} ${onConflict(mode)})`
  }`;
