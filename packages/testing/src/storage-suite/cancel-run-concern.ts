import { describe, expect } from 'vitest';
import { inRun } from './in-run.ts';
import { type Scenario, statuses } from './stage.ts';

/** What `cancelRun` promises. */
export function cancelRunConcern(scenario: Scenario): void {
  describe('cancelling a run', () => {
    scenario('ends a run with what waits below it, and leaves what a worker holds and what others own', async (stage) => {
      const { samples, storage } = stage;
      const item = samples.automated(samples.newId());
      const [first] = item.plan?.dispatches ?? [];
      if (first === undefined || item.plan === null) throw new Error('The sample has a dispatch.');
      const paths = ['leased', 'held', 'waiting', 'later'] as const;
      const own = paths.map((path) => ({ ...first, key: { ...first.key, path }, delayMs: path === 'later' ? 60_000 : 0 }));
      const other = samples.dispatch(item.root, { delayMs: 60_000 });
      const claimed = await stage.take({ ...item, plan: { ...item.plan, dispatches: [...own, other] } });
      const byPath = new Map(claimed.map((dispatch) => [dispatch.key.path, dispatch]));
      const [held, waiting, leased] = [byPath.get('held'), byPath.get('waiting'), byPath.get('leased')];
      if (held === undefined || waiting === undefined || leased?.run == null) throw new Error('Three dispatches were to be claimed.');
      const retry = { to: 'pending', delayMs: 0, reason: 'retry', unknown: false } as const;
      await storage.settle([samples.settle(held, { to: 'held' }), samples.settle(waiting, retry)]);
      expect(await storage.cancelRun({ key: leased.run.key, revision: leased.run.revision })).toEqual({ status: 'done' });
      const after = await Promise.all([...own, other].map(async ({ key }) => (await storage.history.dispatch(key))?.status));
      expect(after).toEqual(['leased', 'cancelled', 'cancelled', 'cancelled', 'pending']);
      expect(await storage.history.run(leased.run.key)).toMatchObject({ status: 'cancelled', finishedAt: expect.any(Number) });
      expect(await storage.claim(samples.claim())).toEqual([]);
      const stale = samples.settle(leased, { to: 'succeeded', output: null }, { run: samples.change(leased.run) });
      expect(statuses(await storage.settle([stale]))).toEqual(['stale']);
      expect(statuses(await storage.settle([{ ...stale, run: null }]))).toEqual(['settled']);
    });

    scenario('does not end a run that has moved on, has ended or is not there', async (stage) => {
      const { dispatch, run } = await inRun(stage);
      expect(await stage.storage.cancelRun({ key: run.key, revision: run.revision + 1 })).toEqual({ status: 'stale' });
      expect(await stage.storage.cancelRun({ key: { ...run.key, replay: 3 }, revision: run.revision })).toEqual({ status: 'missing' });
      expect(await stage.storage.cancelRun({ key: { ...run.key, tenant: 'globex' }, revision: run.revision })).toEqual({
        status: 'missing',
      });
      const ending = stage.samples.change(run, { status: 'succeeded' });
      await stage.storage.settle([stage.samples.settle(dispatch, { to: 'succeeded', output: null }, { run: ending })]);
      const ended = await stage.storage.history.run(run.key);
      expect(await stage.storage.cancelRun({ key: run.key, revision: ended?.revision ?? 0 })).toEqual({ status: 'stale' });
      expect(await stage.storage.history.run(run.key)).toEqual(ended);
    });
  });
}
