import type { ClaimedDispatch, RunChange, SettleItem, Settlement, SettleVerdict } from '@patchbay/core/adapter';
import { constantFrom, record } from 'fast-check';
import { expect } from 'vitest';
import { birthChoice, chosenDispatch, type DispatchChoice, dispatchChoices, earlier, ticks } from '../choices.ts';
import { modelTime } from '../expect-records.ts';
import { type Model, type ModelDispatch, type ModelStage, modelDispatch, modelRoot, modelRun, pick } from '../model.ts';
import { addDispatch, changeRun, stillBorn, toBeBorn, unlease } from '../model-changes.ts';
import { type ChoiceOf, type Step, step } from '../step.ts';
import { heldDispatch } from './hold-steps.ts';
import { expectAmong, expectLeased, learnRevision, noLease } from './ingest-steps.ts';

/** How a change of the run is worked out: not at all, from its present state, or from an old one. */
export const runChoice = constantFrom('none', 'right', 'right', 'ends', 'old');

const settleChoice = record({
  which: earlier,
  to: constantFrom('succeeded', 'succeeded', 'retry', 'unknown', 'held', 'dead', 'cancelled'),
  delayMs: ticks(0, 2),
  run: runChoice,
  next: dispatchChoices,
  birth: birthChoice,
});

type SettleChoice = ChoiceOf<typeof settleChoice>;

function settlementOf({ to, delayMs }: SettleChoice): Settlement {
  if (to === 'succeeded') return { to, output: '{"done":true}' };
  if (to === 'retry' || to === 'unknown') return { to: 'pending', delayMs, reason: to, unknown: to === 'unknown' };
  return { to };
}

const error = { code: 'provider_unavailable', message: 'The service answered 503. Try again later.' };

function attemptOf({ key, lastAttempt, round, storeNow, holder, fence }: ClaimedDispatch, to: string): SettleItem['attempt'] {
  const outcome = to === 'succeeded' ? 'succeeded' : to === 'unknown' || to === 'held' ? 'unknown' : 'failed';
  const rest = { durationMs: 5, retryInMs: null, providerRequestId: null, warnings: [], exchange: null };
  return {
    key,
    number: lastAttempt + 1,
    round,
    outcome,
    startedAt: storeNow,
    holder,
    fence,
    error: outcome === 'succeeded' ? null : error,
    ...rest,
  };
}

/** The change that a choice stands for; `null` also where the dispatch belongs to no run. */
export function chosenChange(
  model: Model,
  dispatch: ModelDispatch | undefined,
  choice: string,
  next: readonly DispatchChoice[],
): RunChange | null {
  if (dispatch === undefined || choice === 'none') return null;
  const { target, path: _, ...place } = dispatch.given.key;
  const key = { ...place, automation: target.slice('automation:'.length) };
  const run = modelRun(model, key);
  if (run === undefined) return null;
  return {
    key,
    revision: choice === 'old' ? run.revision - 1 : run.revision,
    status: choice === 'ends' ? 'failed' : 'running',
    state: JSON.stringify({ from: run.revision }),
    error: choice === 'ends' ? error : null,
    next: next.map((one) => chosenDispatch(one, { ...place, target })),
  };
}

function chosenItem(model: Model, choice: SettleChoice): SettleItem | undefined {
  const claimed = pick(model.claimed, choice.which);
  if (claimed === undefined) return undefined;
  const { key, handle, fence } = claimed;
  const run = chosenChange(model, modelDispatch(model, key), choice.run, choice.next);
  return {
    tenant: key.tenant,
    handle,
    fence,
    key,
    attempt: attemptOf(claimed, choice.to),
    settlement: settlementOf(choice),
    run,
    lease: choice.birth,
  };
}

/** Stores what follows a change of a run; returns what is to be born leased. */
export function follow(model: Model, change: RunChange, limit: number): ModelDispatch[] {
  const root = modelRoot(model, change.key);
  const run = modelRun(model, change.key);
  if (root === undefined || run === undefined) throw new Error('The model has lost a run.');
  changeRun(run, change);
  const added = change.next.filter((dispatch) => addDispatch(root, dispatch, model)).flatMap(({ key }) => modelDispatch(model, key) ?? []);
  return toBeBorn(model, added, limit);
}

function recordOutcome(model: Model, dispatch: ModelDispatch, item: SettleItem): void {
  const { settlement, attempt } = item;
  const unknown = settlement.to === 'pending' ? settlement.unknown : attempt.outcome === 'unknown';
  unlease(dispatch);
  dispatch.status = settlement.to;
  dispatch.attempts += 1;
  dispatch.lastAttempt = attempt.number;
  dispatch.unknownSince = unknown ? (dispatch.unknownSince ?? modelTime(model, attempt.startedAt)) : null;
  dispatch.output = settlement.to === 'succeeded' ? settlement.output : null;
  dispatch.error = attempt.error;
  dispatch.reason = settlement.to === 'pending' ? settlement.reason : null;
  if (settlement.to === 'pending') dispatch.dueAt = model.now + settlement.delayMs;
  const { number, round, outcome, holder, fence } = attempt;
  dispatch.log.push({ number, round, outcome, holder, fence, crash: false });
  dispatch.last = { by: 'settle', item };
}

/** True when the two say the same of one lease. */
const sameOutcome = (left: SettleItem, right: SettleItem): boolean =>
  left.fence === right.fence && left.settlement.to === right.settlement.to && left.attempt.outcome === right.attempt.outcome;

interface Expected {
  readonly statuses: readonly SettleVerdict['status'][];
  readonly leased: readonly ModelDispatch[];
  readonly isNew: boolean;
}

/** What a write gets that came after its lease had ended. Once somebody else has acted, an outcome that was recorded may be called so or not. */
function late(model: Model, item: SettleItem): Expected {
  const dispatch = modelDispatch(model, item.key);
  const repeated = dispatch?.last?.by === 'settle' && sameOutcome(dispatch.last.item, item);
  if (repeated) return { statuses: ['settled'], leased: stillBorn(model, item.run?.next ?? [], item.lease?.holder), isNew: false };
  const recorded =
    dispatch?.last?.by !== 'settle' &&
    dispatch?.log.some(({ fence, outcome, crash }) => !crash && fence === item.fence && outcome === item.attempt.outcome);
  return { statuses: recorded ? ['fenced', 'settled'] : ['fenced'], leased: [], isNew: false };
}

function settleOne(model: Model, item: SettleItem): Expected {
  const dispatch = heldDispatch(model, item);
  if (dispatch === undefined) return late(model, item);
  if (item.run !== null && modelRun(model, item.run.key)?.revision !== item.run.revision)
    return { statuses: ['stale'], leased: [], isNew: false };
  recordOutcome(model, dispatch, item);
  const leased = item.run === null ? [] : follow(model, item.run, item.lease?.limit ?? 0);
  return { statuses: ['settled'], leased, isNew: true };
}

async function settle(model: Model, { storage }: ModelStage, item: SettleItem): Promise<void> {
  const [verdict] = await storage.settle([item]);
  const { statuses, leased, isNew } = settleOne(model, item);
  expect(statuses).toContain(verdict?.status);
  if (verdict?.status === 'settled') {
    if (isNew) expectLeased(model, leased, verdict.leased, item.lease ?? noLease);
    else expectAmong(model, leased, verdict.leased);
  }
  if (item.run !== null) await expectRevision(model, storage, item.run, isNew);
  model.settled.push(item);
}

/** A change raises the revision; without one it stays. */
export async function expectRevision(
  model: Model,
  storage: ModelStage['storage'],
  change: Pick<RunChange, 'key'>,
  changed: boolean,
): Promise<void> {
  const run = modelRun(model, change.key);
  const before = run?.revision ?? 0;
  await learnRevision(model, storage, change.key);
  if (changed) expect(run?.revision).toBeGreaterThan(before);
  else expect(run?.revision ?? 0).toBe(before);
}

/** An outcome of a lease that was handed out before, current or not. */
export const settleStep: Step = step(
  'settle',
  settleChoice,
  async (model, stage, choice) => {
    const item = chosenItem(model, choice);
    if (item !== undefined) await settle(model, stage, item);
  },
  (model) => model.claimed.length > 0,
);

/** An outcome that was sent before, as if its answer had been lost. */
export const settleAgainStep: Step = step(
  'settle again',
  earlier,
  async (model, stage, choice) => {
    const item = pick(model.settled, choice);
    if (item !== undefined) await settle(model, stage, item);
  },
  (model) => model.settled.length > 0,
);
