import type { ClaimedDispatch, NewDispatch, NewRun, RunChange } from '@patchbay/core/adapter';
import { expect } from 'vitest';
import { expectDispatch } from './expect-records.ts';
import { laneIsOpen, type Model, type ModelDispatch, type ModelRoot, type ModelRun, modelDispatch, modelRun } from './model.ts';
import { turnNumber } from './model-turns.ts';

/** Adds a run unless its key is there. */
export function addRun(root: ModelRoot, run: NewRun, model: Model): void {
  if (modelRun(model, run.key) === undefined)
    root.runs.push({ given: run, status: run.status, state: run.state, error: run.error, revision: 0 });
}

/** Adds a dispatch unless its key is there; true when it was added. */
export function addDispatch(root: ModelRoot, given: NewDispatch, model: Model): boolean {
  if (modelDispatch(model, given.key) !== undefined) return false;
  root.dispatches.push({
    given,
    number: turnNumber(model, root, given),
    status: 'pending',
    dueAt: model.now + given.delayMs,
    handle: null,
    fence: -1,
    holder: null,
    leaseUntil: 0,
    born: null,
    round: 1,
    attempts: 0,
    crashes: 0,
    lastAttempt: 0,
    sent: false,
    inFlightSince: null,
    markedFirst: false,
    unknownSince: null,
    output: null,
    error: null,
    reason: null,
    log: [],
    last: null,
  });
  return true;
}

/** Marks a leased dispatch as in flight. */
export function markInFlight(model: Model, dispatch: ModelDispatch): void {
  if (dispatch.inFlightSince !== null) return;
  dispatch.inFlightSince = model.now;
  dispatch.markedFirst = !dispatch.sent;
  dispatch.sent = true;
}

/** Leases a dispatch as the store says it has, once that is found to be right. */
export function lease(
  model: Model,
  dispatch: ModelDispatch,
  claimed: ClaimedDispatch,
  taker: { readonly holder: string; readonly ttlMs: number },
): void {
  expect(claimed.fence, 'every lease raises the fence').toBeGreaterThan(dispatch.fence);
  expect(claimed.handle, 'an open dispatch keeps its handle within a round').toEqual(expect.any(String));
  dispatch.status = 'leased';
  dispatch.handle = claimed.handle;
  dispatch.fence = claimed.fence;
  dispatch.holder = taker.holder;
  dispatch.leaseUntil = model.now + taker.ttlMs;
  dispatch.inFlightSince = null;
  dispatch.markedFirst = false;
  dispatch.born = null;
  dispatch.reason = undefined;
  dispatch.last = null;
  if (dispatch.given.mark === 'claim') markInFlight(model, dispatch);
  expectDispatch(model, dispatch, claimed);
  model.claimed.push(claimed);
}

/** Ends a lease. */
export function unlease(dispatch: ModelDispatch): void {
  dispatch.holder = null;
  dispatch.born = null;
  dispatch.inFlightSince = null;
}

/** The first dispatches of a list, in order, that a lease from birth covers. */
export function toBeBorn(model: Model, added: readonly ModelDispatch[], limit: number): ModelDispatch[] {
  return added
    .filter((dispatch) => dispatch.given.ordering === null && dispatch.dueAt <= model.now && laneIsOpen(model, dispatch))
    .slice(0, limit);
}

/** Those of the dispatches that are still in the lease they were born with. */
export function stillBorn(model: Model, dispatches: readonly NewDispatch[], holder: string | undefined): ModelDispatch[] {
  const found = [...new Set(dispatches.flatMap(({ key }) => modelDispatch(model, key) ?? []))];
  return found.filter((dispatch) => holder !== undefined && dispatch.born === holder && dispatch.leaseUntil > model.now);
}

/** Changes a run whose revision was right. */
export function changeRun(run: ModelRun, change: Pick<RunChange, 'status' | 'state' | 'error'>): void {
  run.status = change.status;
  run.state = change.state;
  run.error = change.error;
}
