import type { IngestItem } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { claim, claimRoots, ordered, settle, store } from './ordered-runs.ts';
import { only, type Scenario, type Stage, statuses } from './stage.ts';

function marks(scenario: Scenario): void {
  const unplanned = (stage: Stage, tenant = stage.samples.tenant): IngestItem => {
    const root = stage.samples.newId();
    return stage.samples.item({
      tenant,
      root,
      event: { ...stage.samples.event({ id: root, correlation: root }), tenant },
      plan: null,
      inOrder: true,
    });
  };
  const claimMarks = (stage: Stage, holder = 'router-a') => stage.storage.claimMarks({ holder, limit: 10, ttlMs: 30_000 });

  scenario('hands out the marks of a tenant that are in order one at a time, whoever asks', async (stage) => {
    const { storage } = stage;
    const items = [unplanned(stage), unplanned(stage), unplanned(stage)];
    await store(stage, ...items, unplanned(stage, 'globex'), stage.samples.item({ plan: null }), stage.samples.item({ plan: null }));
    const first = await claimMarks(stage);
    expect(first).toHaveLength(4);
    expect(first[0]?.root).toBe(items[0]?.root);
    expect(await claimMarks(stage, 'router-b')).toEqual([]);
    await stage.advance(31_000);
    const again = await claimMarks(stage, 'router-b');
    expect(again.map(({ root }) => root)).toEqual(first.map(({ root }) => root));
    const mark = again[0];
    if (mark === undefined) throw new Error('Four were to be claimed.');
    const empty = { revision: { hub: 0, tenant: 0 }, considered: [], runs: [], dispatches: [] };
    const page = { ...empty, tenant: mark.tenant, root: mark.root, fence: mark.fence, from: 0, to: 1, last: false };
    expect(statuses(await storage.recordRouting([page]))).toEqual(['done']);
    expect(await claimMarks(stage)).toEqual([]);
    expect(statuses(await storage.recordRouting([{ ...page, from: 1, to: 2, last: true }]))).toEqual(['done']);
    expect(only(await claimMarks(stage)).root).toBe(items[1]?.root);
  });

  scenario('gives numbers in the order of routing, whatever was published first', async (stage) => {
    const { storage, samples } = stage;
    const items = [samples.item({ plan: null }), samples.item({ plan: null })];
    await store(stage, ...items);
    const found = await claimMarks(stage);
    for (const mark of [...found].reverse()) {
      const item = ordered(stage);
      const { runs = [], dispatches = [] } = item.plan ?? {};
      const here = <Part extends { readonly key: { readonly root: string } }>(part: Part): Part => ({
        ...part,
        key: { ...part.key, root: mark.root },
      });
      const page = { tenant: mark.tenant, root: mark.root, fence: mark.fence, from: 0, to: 1, last: true, considered: [] };
      const planned = { ...page, revision: { hub: 0, tenant: 0 }, runs: runs.map(here), dispatches: dispatches.map(here) };
      for (let count = 0; count < 2; count += 1) expect(statuses(await storage.recordRouting([planned]))).toEqual(['done']);
    }
    const dispatch = only(await claim(stage));
    expect(dispatch.key.root).toBe(items[1]?.root);
    await settle(stage, dispatch);
    expect(await claimRoots(stage)).toEqual([items[0]?.root]);
  });
}

/** What marks in order promise: the events of a tenant are routed one after another, and numbered as they are. */
export function orderedRoutingConcern(scenario: Scenario): void {
  describe('routing in order', () => {
    marks(scenario);
  });
}
