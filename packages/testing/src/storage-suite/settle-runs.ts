import type { Settlement } from '@patchbay/core/adapter';
import { expect } from 'vitest';
import { birth } from './samples.ts';
import { following, runAndDispatch, stored } from './settled.ts';
import { only, type Scenario, statuses } from './stage.ts';

/** What `settle` promises of runs: they move on with the outcome, or neither does. */
export function settleRuns(scenario: Scenario): void {
  scenario('moves the run on with the outcome and stores what follows', async (stage) => {
    const { dispatch, run } = await runAndDispatch(stage);
    const next = [following(stage, dispatch, 'tell'), following(stage, dispatch, 'later', { delayMs: 60_000 })];
    const item = stage.samples.settle(dispatch, { to: 'succeeded', output: '{}' }, { run: stage.samples.change(run, { next }) });
    expect(await stage.storage.settle([item])).toEqual([{ status: 'settled', leased: [] }]);
    const after = await stage.storage.history.run(run.key);
    expect(after).toMatchObject({ status: 'running', state: item.run?.state, finishedAt: null });
    expect(after?.revision).toBeGreaterThan(run.revision);
    const followed = only(await stage.storage.claim(stage.samples.claim()));
    expect(followed.key.path).toBe('tell');
    expect(followed.run).toMatchObject({ state: item.run?.state });
  });

  scenario('ends the run with its last outcome', async (stage) => {
    const { dispatch, run } = await runAndDispatch(stage);
    const error = { code: 'provider_rejected', message: 'The service refused the request. Correct the input.' };
    await stage.storage.settle([
      stage.samples.settle(dispatch, { to: 'dead' }, { run: stage.samples.change(run, { status: 'failed', error }) }),
    ]);
    const after = await stage.storage.history.run(run.key);
    expect(after).toMatchObject({ status: 'failed', error });
    expect(after?.finishedAt).not.toBeNull();
  });

  scenario('writes outcomes of every kind that come in one batch, each as it would be alone', async (stage) => {
    const { samples, storage } = stage;
    const [ending, going, waiting] = [await runAndDispatch(stage), await runAndDispatch(stage), await runAndDispatch(stage)];
    const [lone, retried] = [await stage.takeOne(samples.item()), await stage.takeOne(samples.item())];
    const succeeded: Settlement = { to: 'succeeded', output: '{}' };
    const retry: Settlement = { to: 'pending', delayMs: 60_000, reason: 'retry', unknown: false };
    const next = [following(stage, going.dispatch, 'tell')];
    const batch = [
      samples.settle(ending.dispatch, succeeded, { run: samples.change(ending.run, { status: 'succeeded' }) }),
      samples.settle(going.dispatch, succeeded, { run: samples.change(going.run, { next }) }),
      samples.settle(waiting.dispatch, retry),
      samples.settle(lone, succeeded),
      samples.settle(retried, retry),
    ];
    expect(statuses(await storage.settle(batch))).toEqual(batch.map(() => 'settled'));
    const dispatches = [ending.dispatch, going.dispatch, waiting.dispatch, lone, retried];
    const records = await Promise.all(dispatches.map((dispatch) => stored(stage, dispatch)));
    expect(statuses(records)).toEqual(['succeeded', 'succeeded', 'pending', 'succeeded', 'pending']);
    const changed = await Promise.all([ending, going, waiting].map(({ run }) => storage.history.run(run.key)));
    expect(changed.map((run) => run?.status)).toEqual(['succeeded', 'running', 'running']);
    expect(only(await storage.claim(samples.claim())).key.path).toBe('tell');
  });

  scenario('leaves everything as it was when the run has moved on', async (stage) => {
    const { dispatch, run } = await runAndDispatch(stage);
    const change = stage.samples.change(run, { revision: run.revision + 1, next: [following(stage, dispatch, 'tell')] });
    const item = stage.samples.settle(dispatch, { to: 'succeeded', output: '{}' }, { run: change, lease: birth() });
    expect(await stage.storage.settle([item])).toEqual([{ status: 'stale' }]);
    expect(await stored(stage, dispatch)).toMatchObject({ status: 'leased', attempts: 0, fence: dispatch.fence });
    expect(await stage.storage.history.run(run.key)).toEqual(run);
    expect(await stage.storage.history.attempts(dispatch.key)).toEqual([]);
    expect(await stage.storage.history.dispatch({ ...dispatch.key, path: 'tell' })).toBeNull();
    const again = { ...item, run: stage.samples.change(run, { next: change.next }) };
    expect(statuses(await stage.storage.settle([again]))).toEqual(['settled']);
  });

  scenario('lets one of two outcomes of a run through when both were worked out from the same state', async (stage) => {
    const { samples, storage } = stage;
    const root = samples.newId();
    const item = samples.automated(root);
    const [first] = item.plan?.dispatches ?? [];
    if (first === undefined || item.plan === null) throw new Error('The sample has a dispatch.');
    const both = [first, { ...first, key: { ...first.key, path: 'other' } }];
    const [left, right] = await stage.take({ ...item, plan: { ...item.plan, dispatches: both } });
    if (left?.run == null || right === undefined) throw new Error('Two dispatches were to be claimed.');
    const change = samples.change(left.run);
    const settles = [left, right].map((dispatch) => samples.settle(dispatch, { to: 'succeeded', output: null }, { run: change }));
    const verdicts = await Promise.all(settles.map((settle) => storage.settle([settle])));
    expect(statuses(verdicts.flat()).sort()).toEqual(['settled', 'stale']);
  });

  scenario('lets one of two outcomes of a run through when both come in one batch', async (stage) => {
    const { samples } = stage;
    const item = samples.automated(samples.newId());
    const [first] = item.plan?.dispatches ?? [];
    if (first === undefined || item.plan === null) throw new Error('The sample has a dispatch.');
    const both = [first, { ...first, key: { ...first.key, path: 'other' } }];
    const claimed = await stage.take({ ...item, plan: { ...item.plan, dispatches: both } });
    const settles = claimed.map((dispatch) => {
      if (dispatch.run === null) throw new Error('The claim did not hand over the run.');
      return samples.settle(dispatch, { to: 'succeeded', output: null }, { run: samples.change(dispatch.run) });
    });
    expect(statuses(await stage.storage.settle(settles)).sort()).toEqual(['settled', 'stale']);
  });

  scenario('refuses a change of a run that does not exist', async (stage) => {
    const { dispatch, run } = await runAndDispatch(stage);
    const change = stage.samples.change(run, { key: { ...run.key, replay: 9 } });
    expect(await stage.storage.settle([stage.samples.settle(dispatch, { to: 'dead' }, { run: change })])).toEqual([{ status: 'stale' }]);
    expect(await stored(stage, dispatch)).toMatchObject({ status: 'leased', attempts: 0 });
  });
}
