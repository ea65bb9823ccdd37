import type { ClaimedDispatch, NewDispatch, RunRecord, SettleItem, SettleVerdict } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { flag, number, optionalNumber, type Row, text } from '../row.ts';
import { bornDispatch } from './born-dispatch.ts';
import { handleNumber, isOrderedHandle } from './handle.ts';
import { areOrdered, keyName, keysOfNew, underKeys } from './ordering-keys.ts';
import { bisect, partsWithoutRepeats, storeRows } from './per-item.ts';
import { recallSettle } from './recall-settle.ts';
import { reviveRun } from './run-moves.ts';
import { automationTarget } from './run-record.ts';
import { lastValueCount, type PackedOutcomes, packOutcomes, settleStatements } from './settle-statement.ts';
import { stillBorn } from './still-born.ts';

/** The run as the statement has just left it. */
function changedRun({ run }: SettleItem, row: Row): RunRecord | null {
  if (run === null) return null;
  return {
    key: { ...run.key },
    automationName: text(row, 'automation_name'),
    version: number(row, 'version'),
    status: run.status,
    state: run.state,
    error: run.error,
    revision: number(row, 'revision'),
    startedAt: number(row, 'started_at'),
    finishedAt: optionalNumber(row, 'finished_at'),
  };
}

/** Where a batch is settled: by itself, or in the transaction that has locked its ordering keys. */
interface Settling {
  readonly database: Database;
  readonly client?: ClientBase;
}

type BornRow = { readonly dispatch: NewDispatch; readonly handle: string };

function bornOf(item: SettleItem, row: Row, born: readonly BornRow[]): ClaimedDispatch[] {
  const { lease } = item;
  const changed = born.length === 0 ? null : changedRun(item, row);
  if (lease === null || changed === null) return [];
  const now = number(row, 'now');
  return born.map(({ dispatch, handle }) => {
    const { target, replay } = dispatch.key;
    const run = target === automationTarget(changed.key.automation) && replay === changed.key.replay ? changed : null;
    return bornDispatch({ dispatch, lease, handle, now, run });
  });
}

async function recalledVerdict({ database, client }: Settling, item: SettleItem): Promise<SettleVerdict> {
  if (item.run === null || item.lease === null) return { status: 'settled', leased: [] };
  const keys = item.run.next.map((dispatch) => dispatch.key);
  return { status: 'settled', leased: await stillBorn(database, { holder: item.lease.holder, keys }, client) };
}

function writtenVerdicts(items: readonly SettleItem[], packed: PackedOutcomes, rows: readonly Row[]): ReadonlyMap<number, SettleVerdict> {
  const born = items.map((): BornRow[] => []);
  for (const row of rows) {
    const placed = packed.dispatches[(optionalNumber(row, 'ordinal') ?? 0) - 1];
    if (placed !== undefined) born[placed.position - 1]?.push({ dispatch: placed.dispatch, handle: text(row, 'handle') });
  }
  const verdicts = new Map<number, SettleVerdict>();
  for (const row of rows) {
    const index = number(row, 'position') - 1;
    const item = items[index];
    if (item === undefined || optionalNumber(row, 'ordinal') !== null) continue;
    verdicts.set(index, flag(row, 'settled') ? { status: 'settled', leased: bornOf(item, row, born[index] ?? []) } : { status: 'stale' });
  }
  return verdicts;
}

function record(
  { database, client }: Settling,
  items: readonly SettleItem[],
  { values, dispatches }: PackedOutcomes,
): Promise<readonly Row[]> {
  const follows = dispatches.length > 0;
  const statements = settleStatements(items, follows);
  return follows
    ? storeRows(database, statements, values, client)
    : database.query(statements.plain, values.slice(0, lastValueCount), client);
}

async function settleOnce(settling: Settling, items: readonly SettleItem[]): Promise<readonly SettleVerdict[]> {
  const packed = packOutcomes(items);
  const written = writtenVerdicts(items, packed, await record(settling, items, packed));
  const missed = items.flatMap((item, index) => (written.has(index) ? [] : [{ item, index }]));
  const recalled =
    missed.length === 0
      ? new Set<number>()
      : await recallSettle(
          settling.database,
          missed.map(({ item }) => item),
          settling.client,
        );
  const again = new Set(missed.flatMap(({ index }, place) => (recalled.has(place) ? [index] : [])));
  return Promise.all(
    items.map(async (item, index): Promise<SettleVerdict> => {
      const verdict = written.get(index);
      if (verdict !== undefined) return verdict;
      return again.has(index) ? recalledVerdict(settling, item) : { status: 'fenced' };
    }),
  );
}

/** Where the run of a stale item had ended, it is brought back, and the item is tried again. */
async function settleBatch(settling: Settling, items: readonly SettleItem[]): Promise<readonly SettleVerdict[]> {
  const verdicts = [...(await settleOnce(settling, items))];
  const again: number[] = [];
  for (const [index, { run }] of items.entries()) {
    if (verdicts[index]?.status === 'stale' && run !== null && (await reviveRun(settling.database, run, settling.client)))
      again.push(index);
  }
  if (again.length === 0) return verdicts;
  const retried = await settleOnce(
    settling,
    again.flatMap((index) => items[index] ?? []),
  );
  return verdicts.map((verdict, index) => retried[again.indexOf(index)] ?? verdict);
}

const keysOf = (item: SettleItem): readonly string[] => {
  const dispatch = `dispatch:${item.handle}`;
  if (item.run === null) return [dispatch];
  const { tenant, root, automation, replay } = item.run.key;
  return [dispatch, `run:${JSON.stringify([tenant, root, automation, replay])}`];
};

const keysOfHandles: Statement = {
  name: 'ordering_keys_of',
  text: (schema) => `
select distinct d.tenant, d.target, d.ordering_key from ${schema}.dispatches d
where d.handle = any ($1::bigint[]) and d.ordering_key is not null`,
};

/** Settles what has an ordering key, or is followed by what has: alone with those keys. */
async function settleInTurn(database: Database, items: readonly SettleItem[]): Promise<readonly SettleVerdict[]> {
  const rows = await database.query(keysOfHandles, [items.map(({ handle }) => handleNumber(handle))]);
  const names = [...rows.map(keyName), ...keysOfNew(items.flatMap(({ run }) => run?.next ?? []))];
  return underKeys(database, names, (client) => settleBatch({ database, client }, items));
}

const isOrdered = (item: SettleItem | undefined): boolean =>
  item !== undefined && (isOrderedHandle(item.handle) || areOrdered(item.run?.next ?? []));

/** Records outcomes: one round trip per 64 items, one more where something was not held any more. */
export async function settle(database: Database, items: readonly SettleItem[]): Promise<readonly SettleVerdict[]> {
  const verdicts: SettleVerdict[] = [];
  for (const part of partsWithoutRepeats(items, keysOf)) {
    for (const ordered of [false, true]) {
      const indexes = part.filter((index) => isOrdered(items[index]) === ordered);
      const batch = indexes.flatMap((index) => items[index] ?? []);
      if (batch.length === 0) continue;
      const results = await bisect(batch, (some) => (ordered ? settleInTurn(database, some) : settleBatch({ database }, some)));
      for (const [place, index] of indexes.entries()) {
        const verdict = results[place];
        if (verdict !== undefined) verdicts[index] = verdict;
      }
    }
  }
  return verdicts;
}
