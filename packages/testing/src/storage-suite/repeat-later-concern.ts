import type { AmendItem, Change, ClaimedDispatch, RoutingPage, Settlement } from '@patchbay/core/adapter';
import { inRun } from './in-run.ts';
import { repeats } from './repeats.ts';
import { only, type Scenario, type Stage } from './stage.ts';

async function settled(stage: Stage, settlement: Settlement): Promise<ClaimedDispatch> {
  const dispatch = await stage.takeOne(stage.samples.item());
  await stage.storage.settle([stage.samples.settle(dispatch, settlement)]);
  return dispatch;
}

function routing(scenario: Scenario): void {
  const prepare = async (stage: Stage): Promise<RoutingPage> => {
    await stage.storage.ingest([stage.samples.item({ plan: null })]);
    const { tenant, root, fence } = only(await stage.storage.claimMarks({ holder: 'router-a', limit: 1, ttlMs: 30_000 }));
    const run = stage.samples.run(root);
    const considered = [{ automation: run.key.automation, version: 1, matched: true }];
    const dispatches = [stage.samples.dispatch(root)];
    return { tenant, root, fence, revision: { hub: 0, tenant: 0 }, from: 0, to: 1, considered, runs: [run], dispatches, last: true };
  };

  repeats(scenario, 'recordRouting: done with the last page', async (stage) => {
    const page = await prepare(stage);
    return () => stage.storage.recordRouting([page]);
  });

  repeats(scenario, 'recordRouting: done with a page that others follow', async (stage) => {
    const page = { ...(await prepare(stage)), last: false };
    return () => stage.storage.recordRouting([page]);
  });

  repeats(scenario, 'recordRouting: fenced and stale', async (stage) => {
    const page = await prepare(stage);
    return () =>
      stage.storage.recordRouting([
        { ...page, fence: page.fence + 1 },
        { ...page, from: 7, to: 8 },
      ]);
  });
}

function amendments(scenario: Scenario): void {
  const item = (dispatch: ClaimedDispatch, settlement: AmendItem['settlement']): AmendItem => ({
    key: dispatch.key,
    round: 1,
    settlement,
    run: null,
  });

  for (const from of [{ to: 'dead' }, { to: 'held' }, { to: 'cancelled' }] as const) {
    repeats(scenario, `reopen: done from ${from.to}`, async (stage) => {
      const dispatch = await settled(stage, from);
      return () => stage.storage.reopen([item(dispatch, { to: 'pending', delayMs: 0, forget: false })]);
    });
  }

  const ends: readonly AmendItem['settlement'][] = [
    { to: 'succeeded', output: '{}' },
    { to: 'succeeded', output: null },
    { to: 'dead', error: { code: 'cancelled', message: 'Given up. Reopen it to go on.', status: 410 } },
    { to: 'cancelled' },
  ];
  for (const settlement of ends) {
    repeats(scenario, `resolve: done as ${settlement.to}${'output' in settlement ? ` ${settlement.output}` : ''}`, async (stage) => {
      const dispatch = await settled(stage, { to: 'held' });
      return () => stage.storage.resolve([item(dispatch, settlement)]);
    });
  }

  repeats(scenario, 'cancel: done', async (stage) => {
    const dispatch = await settled(stage, { to: 'pending', delayMs: 5_000, reason: 'retry', unknown: false });
    return () => stage.storage.cancel([item(dispatch, { to: 'cancelled' })]);
  });

  repeats(scenario, 'an amendment with a change of the run: done', async (stage) => {
    const { dispatch, change } = await inRun(stage);
    await stage.storage.settle([stage.samples.settle(dispatch, { to: 'held' })]);
    return () => stage.storage.resolve([{ ...item(dispatch, { to: 'succeeded', output: '{}' }), run: change }]);
  });

  repeats(scenario, 'amendments: busy, stale and missing', async (stage) => {
    const busy = await stage.takeOne(stage.samples.item());
    const stale = await settled(stage, { to: 'succeeded', output: null });
    const missing = { ...busy, key: { ...busy.key, path: 'other' } };
    const items = [busy, stale, missing].map((dispatch) => item(dispatch, { to: 'cancelled' }));
    return async () => [await stage.storage.cancel(items), await stage.storage.resolve(items)];
  });

  repeats(scenario, 'cancelRun: done', async (stage) => {
    const { run } = await inRun(stage);
    return () => stage.storage.cancelRun({ key: run.key, revision: run.revision });
  });

  repeats(scenario, 'cancelRun: stale and missing', async (stage) => {
    const { run } = await inRun(stage);
    const missing = { key: { ...run.key, replay: 4 }, revision: run.revision };
    return async () => [await stage.storage.cancelRun({ key: run.key, revision: 99 }), await stage.storage.cancelRun(missing)];
  });
}

function controls(scenario: Scenario): void {
  const row = (id: string, expected: number | 'absent', pattern = '*'): Change => ({
    put: 'subscriber',
    id,
    name: `name-${id}`,
    expect: expected,
    value: { name: id, pattern },
  });

  repeats(scenario, 'write: new, changed and deleted rows', async ({ storage }) => {
    await storage.configuration.write('acme', [row('a', 'absent'), row('b', 'absent')]);
    return () =>
      storage.configuration.write('acme', [row('c', 'absent'), row('a', 1, 'github.*'), { delete: 'subscriber', id: 'b', expect: 1 }]);
  });

  repeats(scenario, 'write: conflict', async ({ storage }) => {
    await storage.configuration.write('acme', [row('a', 'absent')]);
    return () => storage.configuration.write('acme', [row('b', 'absent'), row('a', 7, 'github.*')]);
  });

  repeats(scenario, 'gates: closed without an end, and opened', async ({ storage }) => {
    const gate = { tenant: 'acme', lane: 'connection:1', reason: 'paused' as const };
    await storage.gates.close([{ ...gate, reason: 'plan', forMs: null }]);
    return async () => {
      await storage.gates.close([{ ...gate, forMs: null }]);
      await storage.gates.open([{ ...gate, reason: 'plan' }]);
    };
  });

  repeats(scenario, 'leases: acquired, extended, lost', async ({ storage: { leases } }) => {
    const request = { name: 'sealer', holder: 'worker-a', ttlMs: 30_000 };
    return async () => {
      const lease = await leases.acquire(request);
      const fence = lease?.fence ?? 0;
      return [
        lease,
        await leases.extend({ ...request, fence }),
        await leases.extend({ ...request, fence: fence + 1 }),
        await leases.acquire({ ...request, holder: 'b' }),
      ];
    };
  });

  repeats(scenario, 'leases: given back', async ({ storage: { leases } }) => {
    const request = { name: 'sealer', holder: 'worker-a', ttlMs: 30_000 };
    const fence = (await leases.acquire(request))?.fence ?? 0;
    return () => leases.release({ ...request, fence });
  });

  repeats(scenario, 'counters: a batch', async ({ storage: { counters } }) => {
    const batch = { id: 'batch-1', deltas: [{ tenant: 'acme', name: 'events', day: '2026-03-14', by: 3 }] };
    return async () => {
      await counters.add(batch);
      return counters.read({ tenant: 'acme', name: 'events', fromDay: '2026-03-14', toDay: '2026-03-14' });
    };
  });
}

/** Repeats of what comes after the first dispatch: routing, amendments, configuration, gates, leases and counters. */
export function repeatLaterConcern(scenario: Scenario): void {
  routing(scenario);
  amendments(scenario);
  controls(scenario);
}
