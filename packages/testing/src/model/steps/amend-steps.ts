import type { AmendItem } from '@patchbay/core/adapter';
import { boolean, constantFrom, record } from 'fast-check';
import { expect } from 'vitest';
import { dispatchChoices, earlier, rarely, ticks } from '../choices.ts';
import { allDispatches, type Model, type ModelDispatch, modelDispatch, modelRoot, modelRun, pick } from '../model.ts';
import { changeRun } from '../model-changes.ts';
import { blocks } from '../model-turns.ts';
import { type ChoiceOf, type Step, step } from '../step.ts';
import { learnRevision } from './ingest-steps.ts';
import { chosenChange, expectRevision, follow, runChoice } from './settle-steps.ts';

const amendChoice = record({
  which: earlier,
  verb: constantFrom<'reopen' | 'resolve' | 'cancel'>('reopen', 'resolve', 'cancel'),
  to: constantFrom<'succeeded' | 'dead' | 'cancelled'>('succeeded', 'dead', 'cancelled'),
  delayMs: ticks(0, 1),
  forget: boolean(),
  anyway: boolean(),
  outdated: rarely,
  run: runChoice,
  next: dispatchChoices,
});

type AmendChoice = ChoiceOf<typeof amendChoice>;

const error = { code: 'attempts_exhausted', message: 'Given up by hand. Reopen it to go on.' };

function settlementOf({ verb, to, delayMs, forget }: AmendChoice): AmendItem['settlement'] {
  if (verb === 'reopen') return { to: 'pending', delayMs, forget };
  if (verb === 'cancel' || to === 'cancelled') return { to: 'cancelled' };
  return to === 'succeeded' ? { to, output: '{"by":"hand"}' } : { to, error };
}

const sources: Readonly<Record<AmendChoice['verb'], readonly string[]>> = {
  reopen: ['dead', 'held', 'cancelled'],
  resolve: ['held'],
  cancel: ['pending', 'held'],
};

const isSource = (verb: AmendChoice['verb'], dispatch: ModelDispatch): boolean =>
  sources[verb].includes(dispatch.status) || (verb === 'cancel' && blocks(dispatch));

/** What tells one amendment from another. The delay of a new round may be forgotten by the store. */
const textOf = ({ round, settlement }: AmendItem): string => JSON.stringify([round, settlement.to]);

function openRound(model: Model, dispatch: ModelDispatch, settlement: Extract<AmendItem['settlement'], { to: 'pending' }>): void {
  dispatch.round += 1;
  dispatch.attempts = 0;
  dispatch.crashes = 0;
  dispatch.sent = false;
  if (settlement.forget) dispatch.unknownSince = null;
  dispatch.output = null;
  dispatch.dueAt = model.now + settlement.delayMs;
}

function amend(model: Model, dispatch: ModelDispatch, item: AmendItem): void {
  const { settlement } = item;
  dispatch.status = settlement.to;
  dispatch.reason = null;
  dispatch.last = { by: 'amend', text: textOf(item) };
  if (settlement.to === 'pending') openRound(model, dispatch, settlement);
  if (settlement.to === 'succeeded') {
    dispatch.output = settlement.output;
    dispatch.error = null;
  }
  if (settlement.to === 'dead') dispatch.error = settlement.error;
  if (item.run !== null) follow(model, item.run, 0);
}

function expected(model: Model, verb: AmendChoice['verb'], item: AmendItem): { readonly status: string; readonly changed: boolean } {
  const dispatch = modelDispatch(model, item.key);
  if (dispatch === undefined) return { status: 'missing', changed: false };
  if (dispatch.last?.by === 'amend' && dispatch.last.text === textOf(item)) return { status: 'done', changed: false };
  if (dispatch.status === 'leased') return { status: 'busy', changed: false };
  const fits = dispatch.round === item.round && isSource(verb, dispatch) && !(blocks(dispatch) && item.settlement.to === 'dead');
  const runFits = item.run === null || modelRun(model, item.run.key)?.revision === item.run.revision;
  if (!fits || !runFits) return { status: 'stale', changed: false };
  amend(model, dispatch, item);
  return { status: 'done', changed: true };
}

/** A person or a policy changes a dispatch, in its round or not. The same change comes twice now and then, as the round tells. */
export const amendStep: Step = step(
  'amend',
  amendChoice,
  async (model, { storage }, choice) => {
    const suiting = allDispatches(model).filter((dispatch) => isSource(choice.verb, dispatch));
    const dispatch = pick(choice.anyway || suiting.length === 0 ? allDispatches(model) : suiting, choice.which);
    if (dispatch === undefined) return;
    const round = dispatch.round - Number(choice.outdated);
    const run = chosenChange(model, dispatch, choice.run, choice.next);
    const item: AmendItem = { key: dispatch.given.key, round, settlement: settlementOf(choice), run };
    const verdicts = await storage[choice.verb]([item]);
    const { status, changed } = expected(model, choice.verb, item);
    expect(verdicts).toEqual([{ status }]);
    if (run !== null) await expectRevision(model, storage, run, changed);
  },
  (model) => model.roots.length > 0,
);

function cancelWaiting(dispatches: readonly ModelDispatch[], target: string, replay: number): void {
  for (const dispatch of dispatches) {
    const { key } = dispatch.given;
    if (key.target !== target || key.replay !== replay || (dispatch.status !== 'pending' && dispatch.status !== 'held')) continue;
    dispatch.status = 'cancelled';
    dispatch.reason = null;
    dispatch.last = null;
  }
}

const cancelRunChoice = record({ which: earlier, outdated: rarely, twice: boolean() });

/** A run is cancelled, sometimes twice, as if the first answer had been lost. */
export const cancelRunStep: Step = step('cancel run', cancelRunChoice, async (model, { storage }, { which, outdated, twice }) => {
  const run = pick(
    model.roots.flatMap((root) => root.runs),
    which,
  );
  if (run === undefined) return;
  const { key } = run.given;
  const change = { key, revision: run.revision - Number(outdated) };
  const fits = run.status === 'running' && change.revision === run.revision;
  const before = run.revision;
  const verdict = await storage.cancelRun(change);
  await learnRevision(model, storage, key);
  if (fits) {
    expect(verdict).toEqual({ status: 'done' });
    expect(run.revision).toBeGreaterThan(before);
    changeRun(run, { status: 'cancelled', state: run.state, error: run.error });
    cancelWaiting(modelRoot(model, key)?.dispatches ?? [], `automation:${key.automation}`, key.replay);
    if (twice) expect(await storage.cancelRun(change)).toEqual({ status: 'done' });
  } else {
    // A revision that is one behind on a cancelled run looks like a repeat of the call that cancelled it.
    expect(run.status === 'cancelled' ? ['stale', 'done'] : ['stale']).toContain(verdict.status);
    expect(run.revision).toBe(before);
  }
});
