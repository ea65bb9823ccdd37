import type { ClaimedDispatch, DeferItem, Settlement } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { inRun } from './in-run.ts';
import { repeatLaterConcern } from './repeat-later-concern.ts';
import { repeats } from './repeats.ts';
import { birth } from './samples.ts';
import { only, type Scenario } from './stage.ts';

const held = (dispatch: ClaimedDispatch) => ({ tenant: dispatch.key.tenant, handle: dispatch.handle, fence: dispatch.fence });

const back = (dispatch: ClaimedDispatch): DeferItem => ({ ...held(dispatch), delayMs: 5_000, reason: 'drain', nothingSent: true });

function ingest(scenario: Scenario): void {
  const dedupe = { key: 'delivery-1', hash: 'h' };

  repeats(scenario, 'ingest: created, with dispatches that are born leased', async ({ storage, samples }) => {
    const item = { ...samples.automated(samples.newId(), { lease: birth() }), dedupe };
    return () => storage.ingest([item]);
  });

  repeats(scenario, 'ingest: created without a dedupe key', async ({ storage, samples }) => {
    const item = samples.call(samples.newId(), undefined, birth());
    return () => storage.ingest([item]);
  });

  repeats(scenario, 'ingest: created with a mark', async ({ storage, samples }) => {
    const item = samples.item({ plan: null, dedupe });
    return () => storage.ingest([item]);
  });

  repeats(scenario, 'ingest: duplicate, conflict and moved', async ({ storage, samples }) => {
    await storage.ingest([samples.item({ dedupe })]);
    const moved = samples.item({ plan: samples.plan({ revision: { hub: 5, tenant: 5 } }) });
    const items = [samples.item({ dedupe }), samples.item({ dedupe: { key: dedupe.key, hash: 'other' } }), moved];
    return () => storage.ingest(items);
  });
}

function settle(scenario: Scenario): void {
  const endings: readonly Settlement[] = [
    { to: 'succeeded', output: '{}' },
    { to: 'pending', delayMs: 5_000, reason: 'retry', unknown: false },
    { to: 'pending', delayMs: 0, reason: 'reconcile', unknown: true },
    { to: 'held' },
    { to: 'dead' },
    { to: 'cancelled' },
  ];
  for (const settlement of endings) {
    repeats(scenario, `settle: settled as ${JSON.stringify(settlement)}`, async (stage) => {
      const item = stage.samples.settle(await stage.takeOne(stage.samples.item()), settlement);
      return () => stage.storage.settle([item]);
    });
  }

  repeats(scenario, 'settle: settled, with what follows born leased', async (stage) => {
    const { dispatch, change } = await inRun(stage);
    const item = stage.samples.settle(dispatch, { to: 'succeeded', output: '{}' }, { run: change, lease: birth({ limit: 1 }) });
    return () => stage.storage.settle([item]);
  });

  repeats(scenario, 'settle: stale', async (stage) => {
    const { dispatch, change } = await inRun(stage);
    const item = stage.samples.settle(dispatch, { to: 'dead' }, { run: { ...change, revision: 99 } });
    return () => stage.storage.settle([item]);
  });

  repeats(scenario, 'settle: fenced', async (stage) => {
    const dispatch = await stage.takeOne(stage.samples.item());
    await stage.advance(31_000);
    await stage.storage.claim(stage.samples.claim({ kind: 'suspect', holder: 'worker-b' }));
    const item = stage.samples.settle(dispatch, { to: 'dead' });
    return () => stage.storage.settle([item]);
  });
}

function holding(scenario: Scenario): void {
  repeats(scenario, 'begin: done and fenced', async (stage) => {
    const root = stage.samples.newId();
    const dispatch = await stage.takeOne(stage.samples.call(root, [stage.samples.dispatch(root, { mark: 'begin' })]));
    return () => stage.storage.begin([held(dispatch), { ...held(dispatch), fence: dispatch.fence + 1 }]);
  });

  repeats(scenario, 'defer: done and fenced', async (stage) => {
    const dispatch = await stage.takeOne(stage.samples.item());
    return () => stage.storage.defer([back(dispatch), { ...back(dispatch), fence: dispatch.fence + 1 }]);
  });

  repeats(scenario, 'extend: the same leases', async (stage) => {
    await stage.takeOne(stage.samples.item());
    return () => stage.storage.extend({ holder: 'worker-a', ttlMs: 30_000 });
  });

  scenario('claim: a lost answer is named by extend and goes back without a crash', async (stage) => {
    await stage.storage.ingest([stage.samples.item(), stage.samples.item()]);
    const lost = only(await stage.storage.claim(stage.samples.claim({ limit: 1 })));
    const known = only(await stage.storage.claim(stage.samples.claim({ limit: 1 })));
    expect(known.key).not.toEqual(lost.key);
    const extended = await stage.storage.extend({ holder: 'worker-a', ttlMs: 30_000 });
    const unknown = extended.filter((lease) => lease.handle !== known.handle);
    expect(unknown).toEqual([held(lost)]);
    await stage.storage.defer(unknown.map((lease) => ({ ...lease, delayMs: 0, reason: 'lost', nothingSent: true })));
    const again = only(await stage.storage.claim(stage.samples.claim()));
    expect(again).toMatchObject({ key: lost.key, attempts: 0, crashes: 0 });
  });

  scenario('claimMarks: a lost mark comes again when its lease has expired', async (stage) => {
    await stage.storage.ingest([stage.samples.item({ plan: null })]);
    const request = { holder: 'router-a', limit: 10, ttlMs: 30_000 };
    const lost = only(await stage.storage.claimMarks(request));
    expect(await stage.storage.claimMarks(request)).toEqual([]);
    await stage.advance(31_000);
    expect(only(await stage.storage.claimMarks(request))).toMatchObject({ root: lost.root, routed: 0 });
  });

  repeats(scenario, 'nextDue: the same while time stands still', async (stage) => {
    await stage.storage.ingest([stage.samples.item()]);
    return () => stage.storage.nextDue({ handlers: [stage.samples.handler] });
  });
}

/** Each call may have happened although its answer was lost: repeating it gives the same verdicts and changes nothing. */
export function repeatConcern(scenario: Scenario): void {
  describe('happened, and its answer was lost', () => {
    ingest(scenario);
    settle(scenario);
    holding(scenario);
    repeatLaterConcern(scenario);

    scenario('gives a repeated call what a late writer gets once somebody else has acted', async (stage) => {
      const dispatch = await stage.takeOne(stage.samples.item());
      const deferred = back(dispatch);
      await stage.storage.defer([deferred]);
      await stage.advance(6_000);
      const next = only(await stage.storage.claim(stage.samples.claim({ holder: 'worker-b' })));
      expect(await stage.storage.defer([deferred])).toEqual([{ status: 'fenced' }]);
      expect(await stage.storage.history.dispatch(next.key)).toMatchObject({ status: 'leased', holder: 'worker-b', fence: next.fence });
    });
  });
}
