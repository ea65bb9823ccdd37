import { describe, expect } from 'vitest';
import { claim, claimRoots, following, ordered, recordOf, runOf, settle, store, success, target } from './ordered-runs.ts';
import { birth } from './samples.ts';
import { only, type Scenario, statuses } from './stage.ts';

function turns(scenario: Scenario): void {
  scenario('hands out the dispatches of one key one after another, in the order in which they were stored', async (stage) => {
    const roots = await store(stage, ...Array.from({ length: 5 }, () => ordered(stage)));
    const handled: string[] = [];
    for (let count = 0; count < roots.length; count += 1) {
      const dispatch = only(await claim(stage));
      handled.push(dispatch.key.root);
      await settle(stage, dispatch);
    }
    expect(handled).toEqual(roots);
    expect(await claim(stage)).toEqual([]);
  });

  scenario('keeps to the order of one batch, whatever the ids of its events', async (stage) => {
    const items = Array.from({ length: 4 }, () => ordered(stage)).toReversed();
    expect(statuses(await stage.storage.ingest(items))).toEqual(items.map(() => 'created'));
    const handled: string[] = [];
    for (let count = 0; count < items.length; count += 1) {
      const dispatch = only(await claim(stage));
      handled.push(dispatch.key.root);
      await settle(stage, dispatch);
    }
    expect(handled).toEqual(items.map(({ root }) => root));
  });

  scenario('keeps to the order of storing, whatever is due first', async (stage) => {
    const [first, second] = await store(stage, ordered(stage, {}, { delayMs: 5_000 }), ordered(stage));
    expect(await claim(stage)).toEqual([]);
    await stage.advance(5_000);
    const dispatch = only(await claim(stage));
    expect(dispatch.key.root).toBe(first);
    await settle(stage, dispatch);
    expect(await claimRoots(stage)).toEqual([second]);
  });

  scenario('lets other keys, other targets, other tenants and what has no key pass', async (stage) => {
    const { samples } = stage;
    const root = samples.newId();
    const other = { tenant: 'globex', root, target, replay: 0, path: 'ticket' };
    const foreign = samples.dispatch(root, { key: other, ordering: { key: 'issue-1', onDead: 'skip' } });
    const items = [
      ...[ordered(stage), ordered(stage, { key: 'issue-2' }), samples.item()],
      samples.call(samples.newId(), []),
      { ...samples.call(root, [foreign]), tenant: 'globex' },
    ];
    const call = samples.newId();
    const direct = samples.dispatch(call, { key: { tenant: samples.tenant, root: call, target: 'call', replay: 0, path: 'call' } });
    await store(stage, ...items, samples.call(call, [{ ...direct, ordering: { key: 'issue-1', onDead: 'skip' } }]));
    await store(stage, ordered(stage));
    expect(await claim(stage)).toHaveLength(5);
  });

  scenario('never hands out an ordered dispatch with the call that stores it', async (stage) => {
    const item = ordered(stage);
    expect(await stage.storage.ingest([{ ...item, lease: birth() }])).toEqual([{ status: 'created', leased: [] }]);
    const dispatch = only(await claim(stage));
    const run = stage.samples.change(runOf(dispatch), { next: [following(stage, dispatch)] });
    const verdicts = await stage.storage.settle([stage.samples.settle(dispatch, success, { run, lease: birth() })]);
    expect(verdicts).toEqual([{ status: 'settled', leased: [] }]);
  });

  scenario('gives one number to all dispatches of a run, and a run keeps the key until its last one has ended', async (stage) => {
    const [first, second] = await store(stage, ordered(stage), ordered(stage));
    const dispatch = only(await claim(stage));
    const run = stage.samples.change(runOf(dispatch), { next: [following(stage, dispatch)] });
    expect(statuses(await stage.storage.settle([stage.samples.settle(dispatch, success, { run })]))).toEqual(['settled']);
    const next = only(await claim(stage));
    expect(next.key).toMatchObject({ root: first, path: 'tell' });
    expect(next.ordering).toEqual(dispatch.ordering);
    await settle(stage, next);
    const last = only(await claim(stage));
    expect(last.key.root).toBe(second);
    expect(last.ordering?.number).toBeGreaterThan(next.ordering?.number ?? Number.POSITIVE_INFINITY);
  });

  scenario('lets dispatches of one turn go side by side', async (stage) => {
    const item = ordered(stage);
    const [first] = item.plan?.dispatches ?? [];
    if (first === undefined || item.plan === null) throw new Error('The sample has a dispatch.');
    const both = [first, { ...first, key: { ...first.key, path: 'other' } }];
    const [root] = await store(stage, { ...item, plan: { ...item.plan, dispatches: both } }, ordered(stage));
    const claimed = await claim(stage);
    expect(claimed.map(({ key }) => key.root)).toEqual([root, root]);
    const [one, two] = claimed;
    if (one === undefined || two === undefined) throw new Error('Two were to be claimed.');
    await settle(stage, one);
    expect(await claim(stage)).toEqual([]);
    await settle(stage, two);
    expect(await claim(stage)).toHaveLength(1);
  });

  scenario('hands out by key and to those who look for crashed ones only what has its turn', async (stage) => {
    const [head, waiting] = [ordered(stage), ordered(stage)];
    await store(stage, head, waiting);
    const keys = [(await recordOf(stage, waiting)).key];
    expect(await stage.storage.claim(stage.samples.claim({ keys }))).toEqual([]);
    expect(await stage.storage.claim(stage.samples.claim({ keys, kind: 'suspect' }))).toEqual([]);
    expect(await stage.storage.claim(stage.samples.claim({ kind: 'suspect' }))).toEqual([]);
    const record = await recordOf(stage, waiting);
    expect(record).toMatchObject({ status: 'pending', dueAt: record.createdAt, ordering: { key: 'issue-1', onDead: 'skip' } });
  });

  scenario('counts what waits for its turn as nothing that is due', async (stage) => {
    await store(stage, ordered(stage), ordered(stage));
    const handlers = [stage.samples.handler];
    expect(await stage.storage.nextDue({ handlers })).toBe(0);
    const dispatch = only(await claim(stage));
    expect(await stage.storage.nextDue({ handlers })).toBeGreaterThan(29_000);
    await settle(stage, dispatch, { to: 'held' });
    expect(await stage.storage.nextDue({ handlers })).toBeNull();
  });

  scenario('lets a replay take its turn behind what is there', async (stage) => {
    const { samples, storage } = stage;
    const first = ordered(stage);
    const [, second] = await store(stage, first, ordered(stage));
    const replay = first.plan?.dispatches.map((one) => ({ ...one, key: { ...one.key, replay: 1 }, workClass: 'replay' as const })) ?? [];
    const again = { ...samples.call(first.root, replay), dedupe: { key: 'replay-1', hash: null } };
    expect(statuses(await storage.ingest([again]))).toEqual(['created']);
    const order: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const dispatch = only(await claim(stage));
      order.push(`${dispatch.key.root}:${dispatch.key.replay}`);
      await settle(stage, dispatch);
    }
    expect(order).toEqual([`${first.root}:0`, `${second}:0`, `${first.root}:1`]);
  });
}

function repeats(scenario: Scenario): void {
  scenario('gives no second number and passes no second turn when a call is repeated', async (stage) => {
    const { storage, samples } = stage;
    const items = [ordered(stage), ordered(stage), ordered(stage)];
    const roots = await store(stage, ...items);
    await store(stage, ...items);
    const dispatch = only(await claim(stage));
    const item = samples.settle(dispatch, success, { run: samples.change(runOf(dispatch), { next: [following(stage, dispatch)] }) });
    for (let count = 0; count < 2; count += 1) expect(statuses(await storage.settle([item]))).toEqual(['settled']);
    const next = only(await claim(stage));
    expect(next.key).toMatchObject({ root: roots[0], path: 'tell' });
    const last = samples.settle(next, success);
    for (let count = 0; count < 2; count += 1) expect(statuses(await storage.settle([last]))).toEqual(['settled']);
    expect(await claimRoots(stage)).toEqual([roots[1]]);
    expect(await claim(stage)).toEqual([]);
  });

  scenario('settles ordered and other dispatches in one batch, each with its verdict', async (stage) => {
    const { storage, samples } = stage;
    await store(
      stage,
      ordered(stage),
      ordered(stage, { key: 'issue-2' }),
      samples.item(),
      ordered(stage),
      ordered(stage, { key: 'issue-2' }),
    );
    const claimed = await claim(stage);
    expect(claimed).toHaveLength(3);
    const late = claimed.map((dispatch) => samples.settle({ ...dispatch, fence: dispatch.fence + 7 }, success));
    const batch = claimed.flatMap((dispatch, index) => [late[index] ?? [], samples.settle(dispatch, success)].flat());
    expect(statuses(await storage.settle(batch))).toEqual(['fenced', 'settled', 'fenced', 'settled', 'fenced', 'settled']);
    expect(await claim(stage)).toHaveLength(2);
  });
}

function races(scenario: Scenario): void {
  scenario('lets nobody overtake and forgets nobody, while many store, claim and settle at once', async (stage) => {
    const { storage } = stage;
    const keys = ['issue-1', 'issue-2', 'issue-3'];
    const done: string[] = [];
    const underWay = new Set<string>();
    const storing = keys.map(async (key) => {
      for (let count = 0; count < 8; count += 1) await storage.ingest([ordered(stage, { key })]);
    });
    const working = Array.from({ length: 4 }, async () => {
      for (let idle = 0; done.length < 24 && idle < 2_000; idle += 1) {
        for (const dispatch of await claim(stage)) {
          const key = dispatch.ordering?.key ?? '';
          expect(underWay.has(key), 'two of one key are in flight').toBe(false);
          underWay.add(key);
          await storage.now();
          underWay.delete(key);
          done.push(`${key} ${dispatch.ordering?.number}`);
          await settle(stage, dispatch);
        }
      }
    });
    await Promise.all([...storing, ...working]);
    expect(done).toHaveLength(24);
    for (const key of keys) {
      const numbers = done.flatMap((line) => (line.startsWith(`${key} `) ? [Number(line.slice(key.length))] : []));
      expect(numbers).toEqual([...numbers].sort((left, right) => left - right));
    }
  });
}

/** What ordering keys promise: one turn at a time for each key, in the order in which the turns were stored. */
export function orderingConcern(scenario: Scenario): void {
  describe('ordering keys', () => {
    turns(scenario);
    repeats(scenario);
    races(scenario);
  });
}
