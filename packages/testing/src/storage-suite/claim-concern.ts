import type { ClaimedDispatch, NewDispatch } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { only, type Scenario, type Stage } from './stage.ts';

const names = (dispatches: readonly ClaimedDispatch[]): string[] => dispatches.map((dispatch) => dispatch.key.path);

const distinct = (dispatches: readonly ClaimedDispatch[]): number =>
  new Set(dispatches.map((dispatch) => JSON.stringify(dispatch.key))).size;

/** Stores calls of a tenant, one root each. */
async function store(stage: Stage, tenant: string, count: number, overrides: Partial<NewDispatch> = {}): Promise<void> {
  const { samples } = stage;
  const items = Array.from({ length: count }, (_, index) => {
    const root = samples.newId();
    const key = { tenant, root, target: 'call', replay: 0, path: `${tenant}-${index}` };
    return { ...samples.call(root, [samples.dispatch(root, { key, ...overrides })]), tenant };
  });
  await stage.storage.ingest(items);
}

/** Stores one root with dispatches named by their path. */
async function storePaths(stage: Stage, dispatches: Readonly<Record<string, Partial<NewDispatch>>>): Promise<string> {
  const { samples } = stage;
  const root = samples.newId();
  const key = samples.dispatch(root).key;
  await stage.storage.ingest([
    samples.call(
      root,
      Object.entries(dispatches).map(([path, overrides]) => samples.dispatch(root, { key: { ...key, path }, ...overrides })),
    ),
  ]);
  return root;
}

function whatIsClaimed(scenario: Scenario): void {
  scenario('leases what is due and says to whom, until when, with a higher fence', async (stage) => {
    const item = stage.samples.item();
    const claimed = await stage.takeOne(item);
    expect(claimed).toMatchObject({ status: 'leased', holder: 'worker-a', attempts: 0, crashes: 0, round: 1, run: null });
    expect(claimed.leaseUntil - claimed.storeNow).toBe(30_000);
    const stored = await stage.storage.history.dispatch(claimed.key);
    expect(stored).toMatchObject({ status: 'leased', holder: 'worker-a', fence: claimed.fence, leaseUntil: claimed.leaseUntil });
    await stage.storage.defer([
      { tenant: claimed.key.tenant, handle: claimed.handle, fence: claimed.fence, delayMs: 0, reason: 'drain', nothingSent: true },
    ]);
    expect(only(await stage.storage.claim(stage.samples.claim())).fence).toBeGreaterThan(claimed.fence);
  });

  scenario('hands over the run as of the claim', async (stage) => {
    const item = stage.samples.automated(stage.samples.newId());
    const claimed = await stage.takeOne(item);
    expect(claimed.run).toMatchObject({ ...item.plan?.runs[0], status: 'running' });
  });

  scenario('leaves alone what is not due yet', async (stage) => {
    await storePaths(stage, { later: { delayMs: 60_000 }, now: {} });
    expect(names(await stage.storage.claim(stage.samples.claim()))).toEqual(['now']);
    await stage.advance(50_000);
    expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
    await stage.advance(11_000);
    expect(names(await stage.storage.claim(stage.samples.claim()))).toEqual(['later']);
  });

  scenario('takes the oldest due first within a tenant', async (stage) => {
    await storePaths(stage, {
      third: { delayMs: 3_000 },
      first: { delayMs: 1_000 },
      second: { delayMs: 2_000 },
      fourth: { delayMs: 4_000, lane: 'connection:1' },
    });
    await stage.advance(10_000);
    expect(names(await stage.storage.claim(stage.samples.claim({ limit: 3 }))).sort()).toEqual(['first', 'second', 'third']);
    expect(names(await stage.storage.claim(stage.samples.claim()))).toEqual(['fourth']);
  });

  scenario('leaves alone what this process has no handler for', async (stage) => {
    await storePaths(stage, { mine: {}, theirs: { handler: 'action:github@2' } });
    expect(names(await stage.storage.claim(stage.samples.claim()))).toEqual(['mine']);
    expect(await stage.storage.claim(stage.samples.claim({ handlers: [] }))).toEqual([]);
    expect(names(await stage.storage.claim(stage.samples.claim({ handlers: ['action:github@2'] })))).toEqual(['theirs']);
  });

  scenario('takes exactly the keys that it is asked for, as far as they are due and free', async (stage) => {
    const root = await storePaths(stage, { a: {}, b: {}, later: { delayMs: 60_000 }, theirs: { handler: 'action:github@2' } });
    const key = stage.samples.dispatch(root).key;
    const keys = ['b', 'later', 'theirs', 'missing'].map((path) => ({ ...key, path }));
    expect(names(await stage.storage.claim(stage.samples.claim({ keys })))).toEqual(['b']);
    expect(await stage.storage.claim(stage.samples.claim({ keys }))).toEqual([]);
    expect(await stage.storage.claim(stage.samples.claim({ keys: [{ ...key, tenant: 'globex', path: 'a' }] }))).toEqual([]);
    expect(names(await stage.storage.claim(stage.samples.claim()))).toEqual(['a']);
  });

  scenario('takes no more than the limit', async (stage) => {
    await store(stage, 'acme', 5);
    expect(await stage.storage.claim(stage.samples.claim({ limit: 0 }))).toEqual([]);
    expect(await stage.storage.claim(stage.samples.claim({ limit: 3 }))).toHaveLength(3);
    expect(await stage.storage.claim(stage.samples.claim({ limit: 3 }))).toHaveLength(2);
  });
}

function whoIsServed(scenario: Scenario): void {
  scenario('serves a small tenant beside a large one', async (stage) => {
    await store(stage, 'large', 100);
    await store(stage, 'small', 2);
    const claimed = await stage.storage.claim(stage.samples.claim({ limit: 10 }));
    expect(claimed).toHaveLength(10);
    expect(claimed.filter((dispatch) => dispatch.key.tenant === 'small')).toHaveLength(2);
  });

  scenario('gives every waiting tenant its part, and all of it to one that waits alone', async (stage) => {
    for (const tenant of ['one', 'two', 'three']) await store(stage, tenant, 20);
    const claimed = await stage.storage.claim(stage.samples.claim({ limit: 9 }));
    for (const tenant of ['one', 'two', 'three'])
      expect(claimed.filter((dispatch) => dispatch.key.tenant === tenant).length).toBeGreaterThanOrEqual(2);
    const rest = await stage.storage.claim(stage.samples.claim({ limit: 100 }));
    expect(claimed.length + rest.length).toBe(60);
  });

  scenario('comes round to every tenant when there is one slot at a time', async (stage) => {
    await store(stage, 'large', 20);
    await stage.advance(10);
    await store(stage, 'small', 1);
    await store(stage, 'tiny', 1);
    const served: string[] = [];
    for (let turn = 0; turn < 5; turn += 1)
      served.push(...(await stage.storage.claim(stage.samples.claim({ limit: 1 }))).map((dispatch) => dispatch.key.tenant));
    expect(served).toHaveLength(5);
    expect(new Set(served)).toEqual(new Set(['large', 'small', 'tiny']));
  });

  scenario('gives replays no more than their share while live work waits, and the rest when none does', async (stage) => {
    await store(stage, 'acme', 12);
    await store(stage, 'globex', 30, { workClass: 'replay' });
    const claim = stage.samples.claim({ limit: 10, replayShare: 0.2 });
    const first = await stage.storage.claim(claim);
    expect(first.map((dispatch) => dispatch.workClass).sort()).toEqual([...Array.from({ length: 8 }, () => 'live'), 'replay', 'replay']);
    const second = await stage.storage.claim(claim);
    expect(second.filter((dispatch) => dispatch.workClass === 'live')).toHaveLength(4);
    expect(second).toHaveLength(10);
    expect(await stage.storage.claim(claim)).toHaveLength(10);
  });

  scenario('skips closed lanes and takes the others', async (stage) => {
    await storePaths(stage, { closed: { lane: 'connection:1' }, open: { lane: 'connection:2' } });
    await stage.storage.gates.close([{ tenant: 'acme', lane: 'connection:1', reason: 'rate_limited', forMs: 60_000 }]);
    expect(names(await stage.storage.claim(stage.samples.claim()))).toEqual(['open']);
    expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
    await stage.advance(61_000);
    expect(names(await stage.storage.claim(stage.samples.claim()))).toEqual(['closed']);
  });

  scenario('leaves out the lanes that the claim names, of that tenant alone, and holds nothing behind them up', async (stage) => {
    await store(stage, 'acme', 5, { lane: 'endpoint:1' });
    await store(stage, 'acme', 1, { lane: 'endpoint:2' });
    await store(stage, 'acme', 5, { lane: 'endpoint:1', workClass: 'replay' });
    await store(stage, 'globex', 1, { lane: 'endpoint:1' });
    const without = [{ tenant: 'acme', lane: 'endpoint:1' }];
    for (let turn = 0; turn < 2; turn += 1) {
      const claimed = await stage.storage.claim(stage.samples.claim({ without, limit: 4 }));
      expect(claimed.map(({ key, lane }) => `${key.tenant} ${lane}`).sort()).toEqual(
        turn === 0 ? ['acme endpoint:2', 'globex endpoint:1'] : [],
      );
    }
    expect(await stage.storage.claim(stage.samples.claim({ limit: 20 }))).toHaveLength(10);
  });
}

function races(scenario: Scenario): void {
  scenario('gives one dispatch to one of 20 claimers', async (stage) => {
    await store(stage, 'acme', 1);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => stage.storage.claim(stage.samples.claim({ holder: `worker-${index}` }))),
    );
    expect(answers.flat()).toHaveLength(1);
  });

  scenario('gives each dispatch to one of the racing claimers', async (stage) => {
    await store(stage, 'acme', 60);
    await store(stage, 'globex', 60);
    const claims = Array.from({ length: 20 }, (_, index) =>
      stage.storage.claim(stage.samples.claim({ holder: `worker-${index}`, limit: 5 })),
    );
    const claimed = (await Promise.all(claims)).flat();
    expect(distinct(claimed)).toBe(claimed.length);
    const rest = await stage.storage.claim(stage.samples.claim({ limit: 200 }));
    expect(distinct([...claimed, ...rest])).toBe(120);
  });

  scenario('gives each dispatch to one of the claimers of two processes', async (stage) => {
    const other = await stage.second();
    await store(stage, 'acme', 120);
    const claims = Array.from({ length: 30 }, (_, index) =>
      (index % 2 === 0 ? stage.storage : other).claim(stage.samples.claim({ holder: `worker-${index}`, limit: 5 })),
    );
    const claimed = (await Promise.all(claims)).flat();
    expect(distinct(claimed)).toBe(claimed.length);
    const rest = await other.claim(stage.samples.claim({ limit: 200 }));
    expect(distinct([...claimed, ...rest])).toBe(120);
  });
}

/** What `claim` promises: what is due, to one worker, fairly. */
export function claimConcern(scenario: Scenario): void {
  describe('claim', () => {
    whatIsClaimed(scenario);
    whoIsServed(scenario);
    races(scenario);
  });
}
