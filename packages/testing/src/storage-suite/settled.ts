import type { ClaimedDispatch, DispatchRecord, NewDispatch } from '@patchbay/core/adapter';
import type { Stage } from './stage.ts';

/** What the history says of a dispatch. */
export async function stored(stage: Stage, dispatch: ClaimedDispatch): Promise<DispatchRecord> {
  const record = await stage.storage.history.dispatch(dispatch.key);
  if (record === null) throw new Error('The dispatch is not in the history.');
  return record;
}

/** A run with one leased dispatch. */
export async function runAndDispatch(stage: Stage): Promise<{ dispatch: ClaimedDispatch; run: NonNullable<ClaimedDispatch['run']> }> {
  const dispatch = await stage.takeOne(stage.samples.automated(stage.samples.newId()));
  if (dispatch.run === null) throw new Error('The claim did not hand over the run.');
  return { dispatch, run: dispatch.run };
}

/** A dispatch that follows in the same run. */
export const following = (stage: Stage, dispatch: ClaimedDispatch, path: string, overrides: Partial<NewDispatch> = {}): NewDispatch =>
  stage.samples.dispatch(dispatch.key.root, { key: { ...dispatch.key, path }, ...overrides });
