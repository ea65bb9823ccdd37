import type { NewDispatch, NewRun } from '@patchbay/core/adapter';
import { malformed } from '../malformed.ts';
import type { State } from '../state.ts';
import { addByKey, createKeyedList, findByKey, type KeyedList } from '../structures/keyed-list.ts';
import { copyError } from './copies.ts';
import {
  type DispatchEntry,
  type DispatchPlace,
  dispatchPlace,
  type RootEntry,
  type RunEntry,
  type RunPlace,
  runPlace,
} from './entries.ts';
import { findRun } from './find.ts';

/** Runs and dispatches that are ready to be stored: everything that can fail has been done. */
export interface Prepared {
  readonly runs: KeyedList<RunPlace, RunEntry>;
  readonly dispatches: KeyedList<DispatchPlace, DispatchEntry>;
}

/** What follows where nothing follows. */
export const nothingPrepared: Prepared = { runs: createKeyedList(), dispatches: createKeyedList() };

function prepareRun(state: State, run: NewRun, now: number): RunEntry {
  return {
    key: { ...run.key },
    automationName: run.automationName,
    version: run.version,
    order: ++state.order,
    startedAt: now,
    status: run.status,
    state: run.state,
    error: copyError(run.error),
    revision: 1,
    finishedAt: run.status === 'running' ? null : now,
  };
}

function prepareDispatch(state: State, root: RootEntry, dispatch: NewDispatch, run: RunEntry | null, now: number): DispatchEntry {
  const order = ++state.order;
  return {
    key: { ...dispatch.key },
    handler: dispatch.handler,
    lane: dispatch.lane,
    workClass: dispatch.workClass,
    operation: dispatch.operation,
    connection: dispatch.connection,
    input: dispatch.input,
    version: dispatch.version,
    mark: dispatch.mark,
    onUnknown: dispatch.onUnknown,
    ordering: dispatch.ordering === null ? null : { key: dispatch.ordering.key, onDead: dispatch.ordering.onDead, number: order },
    status: 'pending',
    createdAt: now,
    dueAt: now + dispatch.delayMs,
    fence: 0,
    holder: null,
    leaseUntil: null,
    round: 1,
    attempts: 0,
    crashes: 0,
    lastAttempt: 0,
    firstSentAt: null,
    unknownSince: null,
    output: null,
    error: null,
    reason: null,
    finishedAt: null,
    handle: String(order),
    order,
    root,
    run,
    history: [],
    bornBy: null,
    leasedAt: now,
    inFlightSince: null,
    markedFirst: false,
    lastWrite: null,
    laneQueue: null,
    turn: null,
    heapIndex: -1,
  };
}

function checkPlace(root: RootEntry, key: { readonly tenant: string; readonly root: string }): void {
  if (key.tenant === root.tenant && key.root === root.id) return;
  throw malformed('A run or dispatch names another tenant or root than the item that brings it. Give it the key of its own event.');
}

/** Gives a dispatch the number of those before it in its turn. */
function shareNumber(entry: DispatchEntry, others: readonly DispatchEntry[]): DispatchEntry {
  const { ordering, key } = entry;
  if (ordering === null) return entry;
  const before = others.find(
    (other) => other.ordering?.key === ordering.key && other.key.target === key.target && other.key.replay === key.replay,
  );
  if (before?.ordering != null) entry.ordering = { ...ordering, number: before.ordering.number };
  return entry;
}

/** The run that a dispatch belongs to, if it belongs to one. */
const runOf = ({ key }: NewDispatch): RunPlace => ({ automation: key.target.slice('automation:'.length), replay: key.replay });

/**
 * Makes entries of what is not stored yet. Changes nothing that anybody can see, so that an item which fails here leaves nothing.
 * Throws `invalid_argument` for a key of another tenant or root and for a delay that is no number.
 */
export function prepare(
  state: State,
  root: RootEntry,
  plan: { readonly runs: readonly NewRun[]; readonly dispatches: readonly NewDispatch[] },
  now: number,
): Prepared {
  const runs = createKeyedList<RunPlace, RunEntry>();
  for (const run of plan.runs) {
    checkPlace(root, run.key);
    if (findRun(root, run.key) === undefined && findByKey(runPlace, runs, run.key) === undefined)
      addByKey(runPlace, runs, prepareRun(state, run, now));
  }
  const dispatches = createKeyedList<DispatchPlace, DispatchEntry>();
  for (const dispatch of plan.dispatches) {
    const { key } = dispatch;
    checkPlace(root, key);
    if (!Number.isFinite(dispatch.delayMs)) throw malformed('The delay of a dispatch is no number. Give milliseconds, 0 for now.');
    if (findByKey(dispatchPlace, root.dispatches, key) !== undefined || findByKey(dispatchPlace, dispatches, key) !== undefined) continue;
    const run = findByKey(runPlace, runs, runOf(dispatch)) ?? findRun(root, runOf(dispatch)) ?? null;
    const entry = prepareDispatch(state, root, dispatch, run, now);
    addByKey(dispatchPlace, dispatches, shareNumber(shareNumber(entry, dispatches.elements), root.dispatches.elements));
  }
  return { runs, dispatches };
}
