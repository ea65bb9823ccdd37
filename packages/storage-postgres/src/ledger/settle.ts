import type { ClaimedDispatch, RunRecord, SettleItem, SettleVerdict } from '@patchbay/core/adapter';
import type { Database } from '../database.ts';
import { flag, number, optionalNumber, type Row, text } from '../row.ts';
import { bornDispatch } from './born-dispatch.ts';
import { bisect, partsWithoutRepeats } from './per-item.ts';
import { recallSettle } from './recall-settle.ts';
import { automationTarget } from './run-record.ts';
import { settleStatement, settleValues } from './settle-statement.ts';
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

function bornOf(item: SettleItem, row: Row, born: readonly { readonly place: number; readonly handle: string }[]): ClaimedDispatch[] {
  const changed = born.length === 0 ? null : changedRun(item, row);
  return born.flatMap(({ place, handle }) => {
    const dispatch = item.run?.next[place];
    if (dispatch === undefined || item.lease === null || changed === null) return [];
    const { target, replay } = dispatch.key;
    const run = target === automationTarget(changed.key.automation) && replay === changed.key.replay ? changed : null;
    return [bornDispatch({ dispatch, lease: item.lease, handle, now: number(row, 'now'), run })];
  });
}

async function recalledVerdict(database: Database, item: SettleItem): Promise<SettleVerdict> {
  if (item.run === null || item.lease === null) return { status: 'settled', leased: [] };
  const keys = item.run.next.map((dispatch) => dispatch.key);
  return { status: 'settled', leased: await stillBorn(database, { holder: item.lease.holder, keys }) };
}

/** Place of each item's first dispatch among those of the batch. */
function dispatchesBefore(items: readonly SettleItem[]): readonly number[] {
  let sum = 0;
  return items.map((item) => {
    const before = sum;
    sum += item.run?.next.length ?? 0;
    return before;
  });
}

function writtenVerdicts(items: readonly SettleItem[], rows: readonly Row[]): ReadonlyMap<number, SettleVerdict> {
  const before = dispatchesBefore(items);
  const born = items.map((): { place: number; handle: string }[] => []);
  for (const row of rows) {
    const ordinal = optionalNumber(row, 'ordinal');
    const index = number(row, 'position') - 1;
    if (ordinal !== null) born[index]?.push({ place: ordinal - 1 - (before[index] ?? 0), handle: text(row, 'handle') });
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

async function settleBatch(database: Database, items: readonly SettleItem[]): Promise<readonly SettleVerdict[]> {
  const written = writtenVerdicts(items, await database.query(settleStatement, settleValues(items)));
  const missed = items.flatMap((item, index) => (written.has(index) ? [] : [{ item, index }]));
  const recalled = missed.length === 0 ? new Set<number>() : await recallSettle(database, missed.map(({ item }) => item));
  const again = new Set(missed.flatMap(({ index }, place) => (recalled.has(place) ? [index] : [])));
  return Promise.all(
    items.map(async (item, index): Promise<SettleVerdict> => {
      const verdict = written.get(index);
      if (verdict !== undefined) return verdict;
      return again.has(index) ? recalledVerdict(database, item) : { status: 'fenced' };
    }),
  );
}

const keysOf = (item: SettleItem): readonly string[] => {
  const dispatch = `dispatch:${item.handle}`;
  if (item.run === null) return [dispatch];
  const { tenant, root, automation, replay } = item.run.key;
  return [dispatch, `run:${JSON.stringify([tenant, root, automation, replay])}`];
};

/** Records outcomes: one round trip per 64 items, one more where something was not held any more. */
export async function settle(database: Database, items: readonly SettleItem[]): Promise<readonly SettleVerdict[]> {
  const verdicts: SettleVerdict[] = [];
  for (const part of partsWithoutRepeats(items, keysOf)) {
    const batch = part.flatMap((index) => items[index] ?? []);
    const results = await bisect(batch, (some) => settleBatch(database, some));
    for (const [place, index] of part.entries()) {
      const verdict = results[place];
      if (verdict !== undefined) verdicts[index] = verdict;
    }
  }
  return verdicts;
}
