import type { AmendItem, Change, ClaimedDispatch, DeferItem, RoutingPage, Settlement } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { birth } from './samples.ts';
import { only, type Scenario, type Stage } from './stage.ts';

/** A call that can be made twice with the same arguments. */
type Call = () => Promise<unknown>;

/** Times that a repeat may move on, on a store whose clock cannot be stopped. */
const moving = new Set(['storeNow', 'leaseUntil', 'until']);

const still = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null, (key, inner: unknown) => (moving.has(key) ? undefined : inner)));

/** Everything that can be read of the tenant. */
async function everything({ storage }: Stage): Promise<unknown> {
  const page = { cursor: null, limit: 500 };
  const { history, gates, configuration } = storage;
  const dispatches = (await history.dispatches('acme', {}, page)).items;
  const attempts = await Promise.all(dispatches.map((dispatch) => history.attempts(dispatch.key)));
  const [events, runs] = [await history.events('acme', {}, page), await history.runs('acme', {}, page)];
  const configured = await configuration.snapshot('acme', ['subscriber']);
  return still({ events, runs, dispatches, attempts, gates: await gates.list('acme'), configured });
}

/** Declares that a second call, made because the answer of the first was lost, answers the same and changes nothing. */
const repeats = (scenario: Scenario, title: string, prepare: (stage: Stage) => Promise<Call>): void =>
  scenario(title, async (stage) => {
    const call = await prepare(stage);
    const first = still(await call());
    const before = await everything(stage);
    expect(still(await call())).toEqual(first);
    expect(await everything(stage)).toEqual(before);
    expect(still(await call())).toEqual(first);
  });

const held = (dispatch: ClaimedDispatch) => ({ tenant: dispatch.key.tenant, handle: dispatch.handle, fence: dispatch.fence });

const back = (dispatch: ClaimedDispatch): DeferItem => ({ ...held(dispatch), delayMs: 5_000, reason: 'drain', nothingSent: true });

/** A claimed dispatch of a run, and a change of that run with something that follows. */
async function inRun(stage: Stage) {
  const dispatch = await stage.takeOne(stage.samples.automated(stage.samples.newId()));
  if (dispatch.run === null) throw new Error('The claim did not hand over the run.');
  const next = ['tell', 'log'].map((path) => stage.samples.dispatch(dispatch.key.root, { key: { ...dispatch.key, path } }));
  return { dispatch, run: dispatch.run, change: stage.samples.change(dispatch.run, { next }) };
}

async function settled(stage: Stage, settlement: Settlement): Promise<ClaimedDispatch> {
  const dispatch = await stage.takeOne(stage.samples.item());
  await stage.storage.settle([stage.samples.settle(dispatch, settlement)]);
  return dispatch;
}

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

/** Each call may have happened although its answer was lost: repeating it gives the same verdicts and changes nothing. */
export function repeatConcern(scenario: Scenario): void {
  describe('happened, and its answer was lost', () => {
    ingest(scenario);
    settle(scenario);
    holding(scenario);
    routing(scenario);
    amendments(scenario);
    controls(scenario);

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
