import type { ClaimedDispatch, IngestItem, Storage } from '@patchbay/core/adapter';
import { claimAll, newItem, newRunItem, succeeded } from '@patchbay/storage-records';
import type { ClientBase } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import { takeIn } from './support/take-in.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

let test: TestSchema;
let first: Storage<ClientBase>;
let second: Storage<ClientBase>;

beforeAll(async () => {
  test = await createTestSchema();
  // A deadlock is found before the wait for a lock is over, which would hide it.
  const settings = '-c deadlock_timeout=5ms';
  first = postgresStorage({ pool: test.anotherPool(settings), schema: test.schema });
  second = postgresStorage({ pool: test.anotherPool(settings), schema: test.schema });
});
beforeEach(() => test.clear());
afterAll(() => test.close());

const statuses = (verdicts: readonly { readonly status: string }[]): string[] => verdicts.map(({ status }) => status);

/**
 * Starts two calls while a third session holds what stands in the middle of both, and lets go when both wait. Calls that go over the same
 * rows in different order then have one half each, and wait for each other.
 */
async function meetInTheMiddle<Left, Right>(
  hold: (client: ClientBase) => Promise<unknown>,
  left: () => Promise<Left>,
  right: () => Promise<Right>,
): Promise<[Left, Right]> {
  const holder = await test.pool.connect();
  await holder.query('begin');
  await hold(holder);
  const calls = Promise.all([left(), right()]);
  await test.waiters(2, calls);
  await holder.query('rollback');
  holder.release();
  return calls;
}

const itemsWithKeys = (count: number, prefix: string): IngestItem[] =>
  Array.from({ length: count }, (_, index) => newItem([], { dedupe: { key: `${prefix}-${index}`, hash: null } }));

const withTheSameKeys = (items: readonly IngestItem[]): IngestItem[] => items.map((item) => newItem([], { dedupe: item.dedupe }));

describe('two batches with the same 50 keys in different order', () => {
  it('do not deadlock when they meet in the middle', async () => {
    const items = itemsWithKeys(50, 'key');
    const [middle] = withTheSameKeys(items.slice(25, 26));
    const verdicts = await meetInTheMiddle(
      (client) => first.ingest([{ ...newItem(), ...middle, plan: null }], { transaction: client }),
      () => takeIn(first, items),
      () => takeIn(second, withTheSameKeys(items.toReversed())),
    );
    expect(statuses(verdicts.flat()).sort()).toEqual([...Array(50).fill('created'), ...Array(50).fill('duplicate')]);
  });

  it('do not deadlock however often two processes bring them', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 100; round += 1) {
      const items = itemsWithKeys(50, `key-${round}`);
      const verdicts = await Promise.all([takeIn(first, items), takeIn(second, withTheSameKeys(items.toReversed()))]);
      expect(statuses(verdicts.flat()).sort()).toEqual([...Array(50).fill('created'), ...Array(50).fill('duplicate')]);
    }
  });
});

/** The dispatch of the item again, at another path, to be added below the same run. */
function addition(item: IngestItem): IngestItem {
  const dispatches = (item.plan?.dispatches ?? []).map((dispatch) => ({ ...dispatch, key: { ...dispatch.key, path: 'b' } }));
  const plan = item.plan && { ...item.plan, runs: [], dispatches };
  return { ...item, event: null, dedupe: { key: `add:${item.root}`, hash: null }, plan };
}

/** Runs with two dispatches each, of which the second ones were stored in the opposite order. All are leased. */
async function leasedRuns(count: number): Promise<{ readonly items: readonly IngestItem[]; readonly claimed: readonly ClaimedDispatch[] }> {
  const items = Array.from({ length: count }, () => newRunItem(['a']));
  await first.ingest(items);
  await first.ingest(items.toReversed().map(addition));
  return { items, claimed: await first.claim(claimAll()) };
}

const at = (claimed: readonly ClaimedDispatch[], path: string): ClaimedDispatch[] => claimed.filter(({ key }) => key.path === path);

it('two batches of outcomes of the same runs do not deadlock', async () => {
  const { items, claimed } = await leasedRuns(40);
  const verdicts = await meetInTheMiddle(
    (client) => client.query(`select from ${test.schema}.runs where root = $1 for update`, [items[20]?.root]),
    () => first.settle(at(claimed, 'a').map((dispatch) => succeeded(dispatch))),
    () => second.settle(at(claimed, 'b').map((dispatch) => succeeded(dispatch))),
  );
  expect(statuses(verdicts.flat()).sort()).toEqual([...Array(40).fill('settled'), ...Array(40).fill('stale')]);
});

it('two batches of outcomes do not deadlock when each ends the runs that go on in the other', async () => {
  const { items, claimed } = await leasedRuns(40);
  const places = new Map(items.map(({ root }, index) => [root, index]));
  const outcomes = (path: string, ends: number) =>
    at(claimed, path).map((dispatch) => {
      const item = succeeded(dispatch);
      const isEnd = (places.get(dispatch.key.root) ?? 0) % 2 === ends;
      return isEnd ? { ...item, run: item.run && { ...item.run, status: 'succeeded' as const } } : item;
    });
  const verdicts = await meetInTheMiddle(
    (client) => client.query(`select from ${test.schema}.runs where root = $1 for update`, [items[20]?.root]),
    () => first.settle(outcomes('a', 1)),
    // The first one is to have come as far as the middle.
    () => test.waiters(1).then(() => second.settle(outcomes('b', 0))),
  );
  expect(statuses(verdicts.flat()).sort()).toEqual([...Array(40).fill('settled'), ...Array(40).fill('stale')]);
});

describe('two batches that write to the same leases in different order', () => {
  const heldOf = ({ key, handle, fence }: ClaimedDispatch) => ({ tenant: key.tenant, handle, fence });
  const lockMiddle = (claimed: readonly ClaimedDispatch[]) => (client: ClientBase) =>
    client.query(`select from ${test.schema}.dispatches where handle = $1 for update`, [claimed[claimed.length >> 1]?.handle]);

  it('do not deadlock when both begin', async () => {
    const { claimed } = await leasedRuns(30);
    const held = claimed.map(heldOf);
    const verdicts = await meetInTheMiddle(
      lockMiddle(claimed),
      () => first.begin(held),
      () => second.begin(held.toReversed()),
    );
    expect(new Set(statuses(verdicts.flat()))).toEqual(new Set(['done']));
  });

  it('do not deadlock when one extends and the other settles', async () => {
    const items = Array.from({ length: 30 }, () => newRunItem(['a']));
    await first.ingest(items);
    const keys = items.flatMap((item) => item.plan?.dispatches ?? []).map(({ key }) => key);
    const claimed: ClaimedDispatch[] = [];
    // Claimed one by one from the end, the rows lie in the opposite order of their handles.
    for (const key of keys.toReversed()) claimed.push(...(await first.claim({ ...claimAll(), keys: [key] })));
    const [extended, settled] = await meetInTheMiddle(
      lockMiddle(claimed),
      () => first.extend({ holder: 'worker-a', ttlMs: 30_000 }),
      () => second.settle(claimed.map((dispatch) => succeeded(dispatch, { run: null }))),
    );
    expect(statuses(settled)).toEqual(Array(30).fill('settled'));
    expect([0, 30]).toContain(extended.length);
  });

  it('do not deadlock when one settles and the other defers', async () => {
    const { claimed } = await leasedRuns(30);
    const back = claimed.toReversed().map((dispatch) => ({ ...heldOf(dispatch), delayMs: 0, reason: 'drain', nothingSent: true }));
    const [settled, deferred] = await meetInTheMiddle(
      lockMiddle(claimed),
      () => first.settle(claimed.map((dispatch) => succeeded(dispatch, { run: null }))),
      () => second.defer(back),
    );
    const verdicts = [...statuses(settled), ...statuses(deferred)];
    expect(verdicts.filter((status) => status !== 'fenced')).toHaveLength(60);
  });
});

/** An item whose dispatches each have an ordering key: the same 40, in the order given. */
function orderedItem(keys: readonly string[]): IngestItem {
  const item = newRunItem(keys);
  const dispatches = (item.plan?.dispatches ?? []).map((one, index) => ({
    ...one,
    key: { ...one.key, target: 'call' },
    ordering: { key: keys[index] ?? '', onDead: 'skip' as const },
  }));
  return { ...item, plan: item.plan && { ...item.plan, runs: [], dispatches } };
}

describe('two batches with the same 40 ordering keys in different order', () => {
  const keys = Array.from({ length: 40 }, (_, index) => `issue-${index}`);
  const lockMiddle = (client: ClientBase) => client.query(`select from ${test.schema}.ordering_turns where key = 'issue-20' for update`);

  it('do not deadlock when they are stored', async () => {
    await first.ingest([orderedItem(keys)]);
    const verdicts = await meetInTheMiddle(
      lockMiddle,
      () => first.ingest([orderedItem(keys)]),
      () => second.ingest([orderedItem(keys.toReversed())]),
    );
    expect(statuses(verdicts.flat())).toEqual(['created', 'created']);
  });

  it('do not deadlock when they are settled while others are stored', async () => {
    const item = orderedItem(keys);
    const twice = (item.plan?.dispatches ?? []).map((one) => ({ ...one, key: { ...one.key, path: `${one.key.path}/b` } }));
    await first.ingest([{ ...item, plan: item.plan && { ...item.plan, dispatches: [...item.plan.dispatches, ...twice] } }]);
    await first.ingest([orderedItem(keys)]);
    const claimed = await first.claim(claimAll());
    expect(claimed).toHaveLength(80);
    const settled = (isSecond: boolean) =>
      claimed.filter(({ key }) => key.path.endsWith('/b') === isSecond).map((dispatch) => succeeded(dispatch, { run: null }));
    const verdicts = await meetInTheMiddle(
      lockMiddle,
      () => first.settle(settled(false)),
      () => second.settle(settled(true).toReversed()),
    );
    expect(statuses(verdicts.flat())).toEqual(Array(80).fill('settled'));
    expect(await first.claim(claimAll())).toHaveLength(40);
  });
});
