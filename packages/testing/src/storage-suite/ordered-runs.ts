import type { ClaimedDispatch, DispatchRecord, IngestItem, NewDispatch, Ordering, RunRecord } from '@patchbay/core/adapter';
import { expect } from 'vitest';
import { type Stage, statuses } from './stage.ts';

/** The automation of the runs. */
export const automation = '0198a000-0000-7000-8000-00000000000a';
/** What the dispatches of the runs are for. */
export const target = `automation:${automation}`;

/** An event's run with its first dispatch, ordered by the key. */
export function ordered(stage: Stage, ordering: Partial<Ordering> = {}, overrides: Partial<NewDispatch> = {}): IngestItem {
  const { samples } = stage;
  const root = samples.newId();
  const run = { key: { tenant: samples.tenant, root, automation, replay: 0 } };
  return samples.automated(root, { run, dispatch: { ordering: { key: 'issue-1', onDead: 'skip', ...ordering }, ...overrides } });
}

/** Stores items one after the other and answers their roots. */
export async function store(stage: Stage, ...items: readonly IngestItem[]): Promise<string[]> {
  for (const item of items) expect(statuses(await stage.storage.ingest([item]))).toEqual(['created']);
  return items.map(({ root }) => root);
}

/** Claims all that can be. */
export const claim = (stage: Stage) => stage.storage.claim(stage.samples.claim({ limit: 100 }));

/** Claims all that can be, and answers the events that it belongs to. */
export async function claimRoots(stage: Stage): Promise<string[]> {
  return (await claim(stage)).map(({ key }) => key.root);
}

/** How most end. */
export const success = { to: 'succeeded', output: null } as const;

/** Records an outcome. */
export async function settle(
  stage: Stage,
  dispatch: ClaimedDispatch,
  to: Parameters<Stage['samples']['settle']>[1] = success,
): Promise<void> {
  expect(statuses(await stage.storage.settle([stage.samples.settle(dispatch, to)]))).toEqual(['settled']);
}

/** The first dispatch of an item as it is stored. */
export async function recordOf(stage: Stage, item: IngestItem): Promise<DispatchRecord> {
  const [dispatch] = item.plan?.dispatches ?? [];
  const record = dispatch && (await stage.storage.history.dispatch(dispatch.key));
  if (!record) throw new Error('The dispatch is not there.');
  return record;
}

/** The run that came with a dispatch. */
export function runOf(dispatch: ClaimedDispatch): RunRecord {
  if (dispatch.run === null) throw new Error('The claim did not hand over the run.');
  return dispatch.run;
}

/** A dispatch that follows in the same run. */
export const following = (stage: Stage, { key, ordering }: ClaimedDispatch, path = 'tell'): NewDispatch =>
  stage.samples.dispatch(key.root, { key: { ...key, path }, ordering: ordering && { key: ordering.key, onDead: ordering.onDead } });
