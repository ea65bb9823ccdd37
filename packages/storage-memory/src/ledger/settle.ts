import type { RunChange, SettleItem, Settlement, SettleVerdict } from '@patchbay/core/adapter';
import { malformed } from '../malformed.ts';
import { retainRoot } from '../retention.ts';
import type { State } from '../state.ts';
import { type Birth, birthOf, stillBorn, storePrepared } from './birth.ts';
import { copyError, keepAttempt } from './copies.ts';
import type { DispatchEntry, RootEntry, RunEntry } from './entries.ts';
import { findDispatch, findRun } from './find.ts';
import { passTurns } from './pass-turns.ts';
import { nothingPrepared, prepare } from './prepare.ts';
import { enqueue, finish, heldEntry, unlease } from './transitions.ts';

/** The run that a change goes to, when the change was worked out from its present state. */
export function runToChange(root: RootEntry, change: RunChange): RunEntry | undefined {
  const run = change.key.tenant === root.tenant && change.key.root === root.id ? findRun(root, change.key) : undefined;
  return run?.revision === change.revision ? run : undefined;
}

/** Applies a change whose revision was right. */
export function changeRun(root: RootEntry, run: RunEntry, change: Pick<RunChange, 'status' | 'state' | 'error'>, now: number): void {
  const wasOpen = run.status === 'running';
  const isOpen = change.status === 'running';
  run.status = change.status;
  run.state = change.state;
  run.error = copyError(change.error);
  run.revision += 1;
  run.finishedAt = isOpen ? null : now;
  root.open += Number(isOpen) - Number(wasOpen);
}

const sinceUnknown = (entry: DispatchEntry, item: SettleItem): number | null => {
  const { settlement, attempt } = item;
  const unknown = settlement.to === 'pending' ? settlement.unknown : attempt.outcome === 'unknown';
  return unknown ? (entry.unknownSince ?? attempt.startedAt) : null;
};

function recordOutcome(state: State, entry: DispatchEntry, item: SettleItem, now: number): void {
  const { settlement } = item;
  entry.lastWrite = { by: 'settle', fence: entry.fence };
  entry.history.push(keepAttempt(entry, item.attempt));
  entry.attempts += 1;
  entry.lastAttempt = item.attempt.number;
  entry.unknownSince = sinceUnknown(entry, item);
  entry.error = copyError(item.attempt.error);
  entry.output = settlement.to === 'succeeded' ? settlement.output : null;
  entry.reason = settlement.to === 'pending' ? settlement.reason : null;
  unlease(state, entry);
  if (settlement.to === 'pending') enqueue(state, entry, now + settlement.delayMs);
  else if (settlement.to === 'held') entry.status = 'held';
  else finish(state, entry, settlement.to, now);
}

function checkSettlement(settlement: Settlement): void {
  if (settlement.to === 'pending' && !Number.isFinite(settlement.delayMs)) {
    throw malformed('The delay of a settlement is no number. Give milliseconds, 0 for now.');
  }
}

/** True when this very outcome ended the last lease and nothing has been done to the dispatch since. */
function isRepeated(entry: DispatchEntry | undefined, item: SettleItem): entry is DispatchEntry {
  const { attempt, settlement } = item;
  if (entry?.handle !== item.handle || entry.key.tenant !== item.tenant) return false;
  if (entry.lastWrite?.by !== 'settle' || entry.lastWrite.fence !== item.fence || entry.status !== settlement.to) return false;
  return entry.history.at(-1)?.outcome === attempt.outcome && (settlement.to !== 'succeeded' || entry.output === settlement.output);
}

const birthOfItem = (item: SettleItem): Birth | null => birthOf(item.lease, `settle:${item.handle}:${item.fence}`);

function settleItem(state: State, item: SettleItem, now: number): SettleVerdict {
  const entry = heldEntry(state, item);
  if (entry === undefined) {
    const ended = findDispatch(state, item.key);
    return isRepeated(ended, item)
      ? { status: 'settled', leased: stillBorn(ended.root, item.run?.next ?? [], birthOfItem(item), now) }
      : { status: 'fenced' };
  }
  const { root } = entry;
  const run = item.run === null ? null : runToChange(root, item.run);
  if (run === undefined) return { status: 'stale' };
  checkSettlement(item.settlement);
  const prepared = item.run === null ? nothingPrepared : prepare(state, root, { runs: [], dispatches: item.run.next }, now);
  recordOutcome(state, entry, item, now);
  if (run !== null && item.run !== null) changeRun(root, run, item.run, now);
  const leased = storePrepared(state, root, prepared, birthOfItem(item), now);
  retainRoot(state, root);
  passTurns(state);
  return { status: 'settled', leased };
}

/** Records outcomes, one item after the other. */
export function settle(state: State, items: readonly SettleItem[]): SettleVerdict[] {
  const now = state.clock.now();
  return items.map((item) => settleItem(state, item, now));
}
