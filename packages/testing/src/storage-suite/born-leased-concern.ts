import type { IngestVerdict, SettleVerdict } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { birth } from './samples.ts';
import { only, type Scenario, type Stage, statuses } from './stage.ts';

const leasedPaths = (verdict: IngestVerdict | SettleVerdict | undefined): string[] =>
  verdict !== undefined && 'leased' in verdict ? verdict.leased.map((dispatch) => dispatch.key.path) : [];

/** A call with one dispatch per path, in this order. */
function callOf(stage: Stage, paths: readonly string[], limit = 100) {
  const root = stage.samples.newId();
  const { key } = stage.samples.dispatch(root);
  const dispatches = paths.map((path) =>
    stage.samples.dispatch(root, {
      key: { ...key, path },
      ...(path.startsWith('later') ? { delayMs: 60_000 } : {}),
      ...(path.startsWith('closed') ? { lane: 'connection:closed' } : {}),
    }),
  );
  return stage.samples.call(root, dispatches, birth({ limit }));
}

/** What is promised of dispatches that are leased by the very call that stores them. */
export function bornLeasedConcern(scenario: Scenario): void {
  describe('born leased', () => {
    scenario('hands over new dispatches as a claim would, with their run', async (stage) => {
      const item = stage.samples.automated(stage.samples.newId(), { lease: birth({ ttlMs: 20_000 }) });
      const [verdict] = await stage.storage.ingest([item]);
      if (verdict?.status !== 'created') throw new Error('The item was to be created.');
      const leased = only(verdict.leased);
      expect(leased).toMatchObject({ status: 'leased', holder: 'worker-a', attempts: 0, crashes: 0, round: 1 });
      expect(leased.run).toMatchObject({ ...item.plan?.runs[0] });
      expect(leased.leaseUntil - leased.storeNow).toBe(20_000);
      expect(await stage.storage.history.dispatch(leased.key)).toMatchObject({ status: 'leased', holder: 'worker-a', fence: leased.fence });
      expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
      expect(statuses(await stage.storage.settle([stage.samples.settle(leased, { to: 'succeeded', output: null })]))).toEqual(['settled']);
    });

    scenario('leases what is due in open lanes, in order, up to the limit; the rest waits', async (stage) => {
      await stage.storage.gates.close([{ tenant: 'acme', lane: 'connection:closed', reason: 'paused', forMs: null }]);
      const [verdict] = await stage.storage.ingest([callOf(stage, ['later', 'closed', 'a', 'b', 'c'], 2)]);
      expect(leasedPaths(verdict)).toEqual(['a', 'b']);
      expect((await stage.storage.claim(stage.samples.claim())).map((dispatch) => dispatch.key.path)).toEqual(['c']);
      await stage.advance(61_000);
      expect((await stage.storage.claim(stage.samples.claim())).map((dispatch) => dispatch.key.path)).toEqual(['later']);
    });

    scenario('leases nothing with a limit of 0 and nothing without a lease', async (stage) => {
      const none = callOf(stage, ['a'], 0);
      const without = { ...callOf(stage, ['a']), lease: null };
      const verdicts = await stage.storage.ingest([none, without]);
      expect(verdicts.map(leasedPaths)).toEqual([[], []]);
      expect(await stage.storage.claim(stage.samples.claim())).toHaveLength(2);
    });

    scenario('counts two dispatches of one key in one plan once, the first', async (stage) => {
      const item = callOf(stage, ['a', 'a', 'b']);
      expect((await stage.storage.ingest([item])).map(leasedPaths)).toEqual([['a', 'b']]);
      expect((await stage.storage.ingest([item])).map(leasedPaths)).toEqual([['a', 'b']]);
    });

    scenario('leases nothing for a duplicate', async (stage) => {
      const dedupe = { key: 'delivery-1', hash: null };
      await stage.storage.ingest([{ ...callOf(stage, ['a']), dedupe }]);
      const again = { ...callOf(stage, ['a']), dedupe };
      expect(statuses(await stage.storage.ingest([again]))).toEqual(['duplicate']);
      expect(await stage.storage.extend({ holder: 'worker-a', ttlMs: 1_000 })).toHaveLength(1);
    });

    scenario('does not lease on a repeat what waited the first time, even when the same worker has claimed it since', async (stage) => {
      const item = callOf(stage, ['a', 'b'], 1);
      expect((await stage.storage.ingest([item])).map(leasedPaths)).toEqual([['a']]);
      expect((await stage.storage.ingest([item])).map(leasedPaths)).toEqual([['a']]);
      expect(await stage.storage.claim(stage.samples.claim({ holder: 'worker-a' }))).toHaveLength(1);
      expect((await stage.storage.ingest([item])).map(leasedPaths)).toEqual([['a']]);
    });

    scenario('does not hand out on a repeat what has been given back, settled or taken over since', async (stage) => {
      const item = callOf(stage, ['a', 'b', 'c']);
      const [verdict] = await stage.storage.ingest([item]);
      if (verdict?.status !== 'created') throw new Error('The item was to be created.');
      const [a, b] = verdict.leased;
      if (a === undefined || b === undefined) throw new Error('Three dispatches were to be leased.');
      await stage.storage.settle([stage.samples.settle(a, { to: 'succeeded', output: null })]);
      const back = { tenant: 'acme', handle: b.handle, fence: b.fence, delayMs: 0, reason: 'drain', nothingSent: true };
      await stage.storage.defer([back]);
      expect((await stage.storage.ingest([item])).map(leasedPaths)).toEqual([['c']]);
      await stage.advance(31_000);
      await stage.storage.claim(stage.samples.claim({ kind: 'suspect', holder: 'worker-a' }));
      expect((await stage.storage.ingest([item])).map(leasedPaths)).toEqual([[]]);
    });

    scenario('leases what follows an outcome, with the run as the outcome left it', async (stage) => {
      const dispatch = await stage.takeOne(stage.samples.automated(stage.samples.newId()));
      if (dispatch.run === null) throw new Error('The claim did not hand over the run.');
      const next = ['tell', 'log'].map((path) => stage.samples.dispatch(dispatch.key.root, { key: { ...dispatch.key, path } }));
      const run = stage.samples.change(dispatch.run, { next, state: '{"moved":true}' });
      const item = stage.samples.settle(dispatch, { to: 'succeeded', output: '{}' }, { run, lease: birth({ limit: 1 }) });
      const [verdict] = await stage.storage.settle([item]);
      expect(leasedPaths(verdict)).toEqual(['tell']);
      expect(verdict?.status === 'settled' ? verdict.leased[0]?.run : null).toMatchObject({ state: '{"moved":true}' });
      expect((await stage.storage.claim(stage.samples.claim())).map((claimed) => claimed.key.path)).toEqual(['log']);
    });

    scenario('counts a lease from birth as in flight where a claim would', async (stage) => {
      const { samples } = stage;
      const root = samples.newId();
      const { key } = samples.dispatch(root);
      const dispatches = [samples.dispatch(root), samples.dispatch(root, { key: { ...key, path: 'unsafe' }, mark: 'begin' })];
      await stage.storage.ingest([samples.call(root, dispatches, birth())]);
      expect(await stage.storage.history.dispatch(key)).toMatchObject({ firstSentAt: expect.any(Number) });
      expect(await stage.storage.history.dispatch({ ...key, path: 'unsafe' })).toMatchObject({ firstSentAt: null });
    });
  });
}
