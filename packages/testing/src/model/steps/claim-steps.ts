import type { ClaimedDispatch, ClaimRequest } from '@patchbay/core/adapter';
import { array, constantFrom, option, record } from 'fast-check';
import { expect } from 'vitest';
import { earlier, holders, offers, ticks } from '../choices.ts';
import {
  allDispatches,
  laneIsOpen,
  type Model,
  type ModelDispatch,
  type ModelStage,
  modelDispatch,
  opensAt,
  pick,
  tick,
} from '../model.ts';
import { lease, unlease } from '../model-changes.ts';
import { hasTurn } from '../model-turns.ts';
import { type Step, step } from '../step.ts';

const mayClaim = (model: Model, request: ClaimRequest, dispatch: ModelDispatch): boolean =>
  request.handlers.includes(dispatch.given.handler) &&
  laneIsOpen(model, dispatch) &&
  (request.keys === undefined || request.keys.some((key) => modelDispatch(model, key) === dispatch));

const isReady = (model: Model, dispatch: ModelDispatch): boolean =>
  dispatch.status === 'pending' && dispatch.crashes === 0 && dispatch.dueAt <= model.now && hasTurn(model, dispatch);

const isSuspect = (model: Model, { status, crashes, dueAt, leaseUntil }: ModelDispatch): boolean =>
  status === 'leased' ? leaseUntil <= model.now : status === 'pending' && crashes > 0 && dueAt <= model.now;

/** How many of each class a claim should take. */
function sharesOf(request: ClaimRequest, live: number, replays: number): { readonly live: number; readonly replay: number } {
  if (request.keys !== undefined) return { live: Number.NaN, replay: Number.NaN };
  const first = Math.min(replays, Math.floor(request.limit * request.replayShare));
  const taken = Math.min(live, request.limit - first);
  return { live: taken, replay: first + Math.min(replays - first, request.limit - first - taken) };
}

/** Nothing that stays behind was due before what was taken, within a tenant and class. */
function expectOldestFirst(eligible: readonly ModelDispatch[], taken: readonly ModelDispatch[]): void {
  for (const one of taken) {
    const { key, workClass } = one.given;
    const passedOver = eligible.filter(
      (other) =>
        !taken.includes(other) && other.given.key.tenant === key.tenant && other.given.workClass === workClass && other.dueAt < one.dueAt,
    );
    expect(passedOver.map(({ given }) => given.key)).toEqual([]);
  }
}

function expectReady(model: Model, request: ClaimRequest, taken: readonly ModelDispatch[]): void {
  const eligible = allDispatches(model).filter((dispatch) => isReady(model, dispatch) && mayClaim(model, request, dispatch));
  for (const dispatch of taken) expect(eligible, `${JSON.stringify(dispatch.given.key)} could not be claimed`).toContain(dispatch);
  expect(taken).toHaveLength(Math.min(request.limit, eligible.length));
  if (request.keys !== undefined) return;
  const count = (list: readonly ModelDispatch[], workClass: string): number =>
    list.filter(({ given }) => given.workClass === workClass).length;
  const counts = { live: count(taken, 'live'), replay: count(taken, 'replay') };
  expect(counts).toEqual(sharesOf(request, count(eligible, 'live'), count(eligible, 'replay')));
  expectOldestFirst(eligible, taken);
  const waiting = new Set(eligible.filter(({ given }) => given.workClass === 'live').map(({ given }) => given.key.tenant));
  const served = new Set(taken.filter(({ given }) => given.workClass === 'live').map(({ given }) => given.key.tenant));
  if (counts.live >= waiting.size) expect(served).toEqual(waiting);
}

function expectSuspect(model: Model, request: ClaimRequest, taken: readonly ModelDispatch[]): void {
  const eligible = allDispatches(model).filter((dispatch) => isSuspect(model, dispatch) && mayClaim(model, request, dispatch));
  for (const dispatch of taken) expect(eligible, `${JSON.stringify(dispatch.given.key)} could not be claimed`).toContain(dispatch);
  expect(taken).toHaveLength(Math.min(1, request.limit, eligible.length));
}

function crash(dispatch: ModelDispatch): void {
  dispatch.attempts += 1;
  dispatch.crashes += 1;
  dispatch.lastAttempt += 1;
  dispatch.log.push({
    number: dispatch.lastAttempt,
    round: dispatch.round,
    outcome: 'unknown',
    holder: dispatch.holder ?? '',
    fence: dispatch.fence,
    crash: true,
  });
  dispatch.error = { code: 'crashed', message: '' };
  dispatch.unknownSince ??= dispatch.inFlightSince;
  unlease(dispatch);
}

async function claim(model: Model, { storage }: ModelStage, request: ClaimRequest): Promise<void> {
  const claimed = await storage.claim(request);
  const found = claimed.map((one: ClaimedDispatch) => modelDispatch(model, one.key));
  const taken = found.flatMap((one) => one ?? []);
  expect(taken, 'a claim gives only what was stored').toHaveLength(claimed.length);
  expect(new Set(taken).size, 'a claim gives nothing twice').toBe(taken.length);
  if (request.kind === 'suspect') expectSuspect(model, request, taken);
  else expectReady(model, request, taken);
  for (const [index, dispatch] of taken.entries()) {
    const record = claimed[index];
    if (dispatch.status === 'leased') crash(dispatch);
    if (record !== undefined) lease(model, dispatch, record, request);
  }
}

const claimChoice = record({
  holder: holders,
  handlers: offers,
  keys: option(array(earlier, { maxLength: 3 }), { nil: null, freq: 1 }).map((keys) => (keys !== null && keys.length === 0 ? null : keys)),
  limit: constantFrom(0, 1, 1, 2, 3, 5, 20),
  replayShare: constantFrom(0, 0.2, 0.5, 1),
  ttlMs: ticks(1, 3),
  kind: constantFrom<ClaimRequest['kind']>('ready', 'suspect'),
});

/** A claim of either kind, by handler or by key. */
export const claimStep: Step = step('claim', claimChoice, (model, stage, { keys, ...request }) => {
  const picked = (keys ?? []).flatMap((choice) => pick(allDispatches(model), choice)?.given.key ?? []);
  return claim(model, stage, keys === null ? request : { ...request, keys: picked });
});

/** When a dispatch can be claimed, or infinity. */
function claimableAt(model: Model, dispatch: ModelDispatch): number {
  const { status, given, dueAt, leaseUntil } = dispatch;
  if ((status !== 'pending' && status !== 'leased') || !hasTurn(model, dispatch)) return Number.POSITIVE_INFINITY;
  return Math.max(status === 'leased' ? leaseUntil : dueAt, opensAt(model, given.key.tenant, given.lane));
}

/** How long a worker may sleep. */
export const nextDueStep: Step = step('next due', offers, async (model, { storage }, offered) => {
  const found = await storage.nextDue({ handlers: offered });
  const times = allDispatches(model).filter(({ given }) => offered.some((handler) => handler === given.handler));
  const next = Math.min(...times.map((dispatch) => claimableAt(model, dispatch)));
  if (next === Number.POSITIVE_INFINITY) expect(found).toBeNull();
  else if (next <= model.now) expect(found).toBe(0);
  else {
    expect(found).toBeGreaterThan(next - model.now - tick);
    expect(found).toBeLessThanOrEqual(next - model.now);
  }
});
