import type { Storage } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import { claimAll, newItem, newRunItem, succeeded } from './support/records.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

let test: TestSchema;
let first: Storage<ClientBase>;
let second: Storage<ClientBase>;

beforeAll(async () => {
  test = await createTestSchema();
  first = postgresStorage({ pool: test.pool, schema: test.schema });
  second = postgresStorage({ pool: test.anotherPool(), schema: test.schema });
});
beforeEach(() => test.clear());
afterAll(() => test.close());

const statuses = (verdicts: readonly { readonly status: string }[]): string[] => verdicts.map(({ status }) => status);

it('never deadlocks when two processes bring the same 50 keys in different order', { timeout: 60_000 }, async () => {
  for (let round = 0; round < 100; round += 1) {
    const items = Array.from({ length: 50 }, (_, index) => newItem([], { dedupe: { key: `key-${round}-${index}`, hash: null } }));
    const others = items.map((item) => newItem([], { dedupe: item.dedupe })).toReversed();
    const verdicts = await Promise.all([first.ingest(items), second.ingest(others)]);
    expect(statuses(verdicts.flat()).sort()).toEqual([...Array(50).fill('created'), ...Array(50).fill('duplicate')]);
  }
});

it('never deadlocks when two processes settle outcomes of the same runs in different order', { timeout: 60_000 }, async () => {
  for (let round = 0; round < 30; round += 1) {
    await first.ingest(Array.from({ length: 30 }, () => newRunItem(['a', 'b'])));
    const claimed = await first.claim(claimAll());
    expect(claimed).toHaveLength(60);
    const of = (path: string) =>
      claimed.filter(({ key }) => key.path === path).sort((left, right) => (left.key.root < right.key.root ? -1 : 1));
    const [left, right] = await Promise.all([
      first.settle(of('a').map((dispatch) => succeeded(dispatch))),
      second.settle(
        of('b')
          .toReversed()
          .map((dispatch) => succeeded(dispatch)),
      ),
    ]);
    const back = right.toReversed();
    for (const [index, verdict] of left.entries()) {
      expect(statuses([verdict, ...back.slice(index, index + 1)]).sort()).toEqual(['settled', 'stale']);
    }
    await test.clear();
  }
});

it('never deadlocks when leases are extended, begun, deferred and settled at once', { timeout: 60_000 }, async () => {
  for (let round = 0; round < 20; round += 1) {
    await first.ingest(Array.from({ length: 40 }, () => newRunItem(['a'])));
    const claimed = await first.claim(claimAll());
    const backwards = claimed.toReversed().map(({ key, handle, fence }) => ({ tenant: key.tenant, handle, fence }));
    const answers = await Promise.all([
      second.begin(backwards),
      first.extend({ holder: 'worker-a', ttlMs: 30_000 }),
      first.begin(backwards.toReversed()),
      second.extend({ holder: 'worker-a', ttlMs: 30_000 }),
      first.settle(claimed.slice(0, 20).map((dispatch) => succeeded(dispatch))),
      second.defer(backwards.slice(0, 20).map((held) => ({ ...held, delayMs: 0, reason: 'drain', nothingSent: true }))),
    ]);
    expect(statuses(answers[4])).toEqual(Array(20).fill('settled'));
    expect(statuses(answers[5])).toEqual(Array(20).fill('done'));
    await test.clear();
  }
});
