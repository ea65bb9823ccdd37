import type { ClaimedDispatch, RunChange, RunRecord } from '@patchbay/core/adapter';
import type { Stage } from './stage.ts';

/** A claimed dispatch of a run, and a change of that run with something that follows. */
export async function inRun(
  stage: Stage,
): Promise<{ readonly dispatch: ClaimedDispatch; readonly run: RunRecord; readonly change: RunChange }> {
  const dispatch = await stage.takeOne(stage.samples.automated(stage.samples.newId()));
  if (dispatch.run === null) throw new Error('The claim did not hand over the run.');
  const next = ['tell', 'log'].map((path) => stage.samples.dispatch(dispatch.key.root, { key: { ...dispatch.key, path } }));
  return { dispatch, run: dispatch.run, change: stage.samples.change(dispatch.run, { next }) };
}
