import type { AmendItem, AmendVerdict, CancelRunRequest, RunKey } from '@patchbay/core/adapter';
import { record } from '../audit/audit-state.ts';
import { malformed } from '../malformed.ts';
import { retainRoot } from '../retention.ts';
import type { State } from '../state.ts';
import { storePrepared } from './birth.ts';
import { copyError } from './copies.ts';
import type { DispatchEntry, RootEntry } from './entries.ts';
import { findDispatch, findRoot, findRun } from './find.ts';
import { passTurns } from './pass-turns.ts';
import { nothingPrepared, prepare } from './prepare.ts';
import { changeRun, runToChange } from './settle.ts';
import { dequeue, enqueue, finish } from './transitions.ts';
import { joinTurn, leaveTurn } from './turns.ts';

/** From which statuses each verb goes on. */
const sources = {
  reopen: ['dead', 'held', 'cancelled'],
  resolve: ['held'],
  cancel: ['pending', 'held'],
} as const;

type Verb = keyof typeof sources;
type AmendSettlement = AmendItem['settlement'];

const sameEnding = (entry: DispatchEntry, settlement: AmendSettlement): boolean => {
  if (settlement.to === 'succeeded') return entry.output === settlement.output;
  if (settlement.to === 'dead') return entry.error?.code === settlement.error.code && entry.error.message === settlement.error.message;
  return true;
};

/** True when this very change has been made and nothing has been done to the dispatch since. */
function isRepeated(entry: DispatchEntry, item: AmendItem): boolean {
  const { lastWrite } = entry;
  return (
    lastWrite?.by === 'amend' && lastWrite.round === item.round && lastWrite.to === item.settlement.to && sameEnding(entry, item.settlement)
  );
}

function openRound(state: State, entry: DispatchEntry, settlement: Extract<AmendSettlement, { to: 'pending' }>, now: number): void {
  if (entry.status !== 'held') {
    entry.root.open += 1;
    state.handles.set(entry.handle, entry);
    joinTurn(state, entry);
  }
  entry.round += 1;
  entry.attempts = 0;
  entry.crashes = 0;
  entry.firstSentAt = null;
  if (settlement.forget) entry.unknownSince = null;
  entry.output = null;
  entry.reason = null;
  entry.finishedAt = null;
  enqueue(state, entry, now + settlement.delayMs);
}

function end(state: State, entry: DispatchEntry, settlement: Exclude<AmendSettlement, { to: 'pending' }>, now: number): void {
  if (entry.status === 'pending') dequeue(state, entry);
  if (settlement.to === 'succeeded') {
    entry.output = settlement.output;
    entry.error = null;
  }
  if (settlement.to === 'dead') entry.error = copyError(settlement.error);
  if (entry.status === 'dead') giveUpTurn(state, entry, settlement.to, now);
  else finish(state, entry, settlement.to, now);
}

/** Ends what had ended already and kept its turn. */
function giveUpTurn(state: State, entry: DispatchEntry, status: 'succeeded' | 'dead' | 'cancelled', now: number): void {
  entry.status = status;
  entry.finishedAt = now;
  leaveTurn(state, entry);
}

function apply(state: State, entry: DispatchEntry, item: AmendItem, now: number): AmendVerdict {
  const { root } = entry;
  const { settlement } = item;
  const run = item.run === null ? null : runToChange(root, item.run);
  if (run === undefined) return { status: 'stale' };
  if (settlement.to === 'pending' && !Number.isFinite(settlement.delayMs)) {
    throw malformed('The delay of an amendment is no number. Give milliseconds, 0 for now.');
  }
  const prepared = item.run === null ? nothingPrepared : prepare(state, root, { runs: [], dispatches: item.run.next }, now);
  entry.lastWrite = { by: 'amend', round: item.round, to: settlement.to };
  if (settlement.to === 'pending') openRound(state, entry, settlement, now);
  else end(state, entry, settlement, now);
  if (run !== null && item.run !== null) changeRun(root, run, item.run, now);
  storePrepared(state, root, prepared, null, now);
  retainRoot(state, root);
  passTurns(state);
  return { status: 'done' };
}

function amendItem(state: State, verb: Verb, item: AmendItem, now: number): AmendVerdict {
  if ((verb === 'reopen') !== (item.settlement.to === 'pending')) {
    throw malformed(
      `The verb ${verb} cannot make a dispatch ${item.settlement.to}. Reopen to make it pending, resolve or cancel to end it.`,
    );
  }
  const { key } = item;
  const entry = findDispatch(state, key);
  if (entry === undefined) return { status: 'missing' };
  if (isRepeated(entry, item)) return { status: 'done' };
  if (entry.status === 'leased') return { status: 'busy' };
  const blocks = verb === 'cancel' && item.settlement.to !== 'dead' && entry.status === 'dead' && entry.turn !== null;
  const allowed = blocks || sources[verb].some((status) => status === entry.status);
  return allowed && entry.round === item.round ? apply(state, entry, item, now) : { status: 'stale' };
}

/** Changes dispatches that nobody holds, one item after the other. */
export function amend(state: State, verb: Verb, items: readonly AmendItem[]): AmendVerdict[] {
  const now = state.clock.now();
  return items.map((item) => {
    const verdict = amendItem(state, verb, item, now);
    if (verdict.status === 'done' && item.audit !== undefined) record(state.audit, item.key.tenant, [item.audit], now);
    return verdict;
  });
}

function cancelWaiting(state: State, root: RootEntry, key: RunKey, now: number): void {
  for (const entry of root.dispatches.elements) {
    if (entry.key.target !== `automation:${key.automation}` || entry.key.replay !== key.replay) continue;
    if (entry.status !== 'pending' && entry.status !== 'held') continue;
    if (entry.status === 'pending') dequeue(state, entry);
    entry.lastWrite = null;
    finish(state, entry, 'cancelled', now);
  }
}

type CancelVerdict = { readonly status: 'done' | 'stale' | 'missing' };

/** Ends a run with what waits below it. */
export function cancelRun(state: State, change: CancelRunRequest): CancelVerdict {
  const now = state.clock.now();
  const verdict = cancel(state, change, now);
  if (verdict.status === 'done' && change.audit !== undefined) record(state.audit, change.key.tenant, [change.audit], now);
  return verdict;
}

function cancel(state: State, { key, revision }: CancelRunRequest, now: number): CancelVerdict {
  const root = findRoot(state, key);
  const run = root === undefined ? undefined : findRun(root, key);
  if (root === undefined || run === undefined) return { status: 'missing' };
  if (run.status === 'cancelled' && run.revision === revision + 1) return { status: 'done' };
  if (run.status !== 'running' || run.revision !== revision) return { status: 'stale' };
  changeRun(root, run, { status: 'cancelled', state: run.state, error: run.error }, now);
  cancelWaiting(state, root, key, now);
  retainRoot(state, root);
  passTurns(state);
  return { status: 'done' };
}
