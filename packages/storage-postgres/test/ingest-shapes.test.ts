import type { BirthLease, IngestItem } from '@patchbay/core/adapter';
import { newDispatch, newId, newItem, newRunItem, succeeded } from '@patchbay/storage-records';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

let test: TestSchema;

beforeAll(async () => {
  test = await createTestSchema();
});
beforeEach(() => test.clear());
afterAll(() => test.close());

const open = () => postgresStorage({ pool: test.pool, schema: test.schema, notify: false });

const lease: BirthLease = { holder: 'worker-a', ttlMs: 30_000, limit: 1 };

/** The same plan for a root that is there already, under a guard of its own. */
const addition = (item: IngestItem): IngestItem => ({ ...item, event: null, dedupe: { key: `again:${item.root}`, hash: null } });

const withEndedRun = (item: IngestItem): IngestItem => ({
  ...item,
  plan: item.plan && { ...item.plan, runs: item.plan.runs.map((run) => ({ ...run, status: 'failed' as const })), dispatches: [] },
});

const count = async (table: string): Promise<number> => {
  const { rows } = await test.pool.query<{ count: string }>(`select count(*) as count from ${test.schema}.${table}`);
  return Number(rows[0]?.count);
};

describe('a batch of items of different kinds', () => {
  it('stores nothing again that has ended below a root, where a few items of the batch add to it', async () => {
    const storage = open();
    const first = newRunItem(['ticket'], { lease });
    const [verdict] = await storage.ingest([first]);
    const [dispatch] = verdict?.status === 'created' ? verdict.leased : [];
    if (dispatch === undefined) throw new Error('The dispatch was to be born leased.');
    const outcome = succeeded(dispatch);
    await storage.settle([{ ...outcome, run: outcome.run && { ...outcome.run, status: 'succeeded' } }]);
    const verdicts = await storage.ingest([newRunItem(['ticket']), addition(first), newRunItem(['ticket'])]);
    expect(verdicts.map(({ status }) => status)).toEqual(['created', 'created', 'created']);
    expect([await count('runs'), await count('dispatches')]).toEqual([2, 2]);
    await storage.close();
  });

  it('marks the events without a plan alone', async () => {
    const storage = open();
    const unplanned = newItem([], { plan: null });
    await storage.ingest([newRunItem(['ticket']), unplanned, newRunItem(['ticket'])]);
    const marks = await storage.claimMarks({ holder: 'router', limit: 10, ttlMs: 30_000 });
    expect(marks.map(({ root }) => root)).toEqual([unplanned.root]);
    await storage.close();
  });

  it('files the runs that end as they begin, among others that go on', async () => {
    const storage = open();
    await storage.ingest([newRunItem(['ticket']), withEndedRun(newRunItem(['ticket']))]);
    expect([await count('runs'), await count('run_history')]).toEqual([1, 1]);
    await storage.close();
  });

  it('leases no more of an event than it asks for, the first ones, while the others of the batch stay within theirs', async () => {
    const storage = open();
    const verdicts = await storage.ingest([newRunItem(['ticket'], { lease }), newRunItem(['a', 'b'], { lease })]);
    const leased = verdicts.map((verdict) => (verdict.status === 'created' ? verdict.leased.map(({ key }) => key.path) : null));
    expect(leased).toEqual([['ticket'], ['a']]);
    expect(await count("dispatches where status = 'pending'")).toBe(1);
    await storage.close();
  });

  it('stores what one of them alone brings', async () => {
    const storage = open();
    const root = newId();
    await storage.ingest([newItem([]), newItem([newDispatch(root)], { root }), newItem([])]);
    expect([await count('events'), await count('dispatches')]).toEqual([3, 1]);
    await storage.close();
  });
});
