import { describe, expect, it } from 'vitest';
import type { ClaimedDispatch, NewDispatch } from '../contracts/dispatch-records.ts';
import type { IngestItem, IngestVerdict, Plan } from '../contracts/hot-store.ts';
import { createIntake } from './create-intake.ts';

const root = '019b7600-0000-7000-8000-000000000001';
const dispatch: NewDispatch = {
  key: { tenant: 'acme', root, target: 'subscriber:index', replay: 0, path: 'call' },
  handler: 'subscriber:index',
  lane: 'subscriber:index',
  workClass: 'live',
  operation: 'index',
  connection: null,
  input: null,
  version: null,
  delayMs: 0,
  mark: 'claim',
  onUnknown: 'retry',
};
const planOf = (...dispatches: NewDispatch[]): Plan => ({ revision: { hub: 1, tenant: 1 }, considered: [], runs: [], dispatches });

/** An intake over a store that answers as given, in a process with three free slots. */
function setting(answer: () => IngestVerdict | Promise<IngestVerdict>) {
  const stored: IngestItem[] = [];
  const taken: (readonly ClaimedDispatch[] | null)[] = [];
  let woken = 0;
  const takeIn = createIntake({
    storage: {
      ingest: (items) =>
        Promise.all(
          items.map(async (item) => {
            stored.push(item);
            return answer();
          }),
        ),
    },
    leases: {
      reserve: (handlers) => ({
        lease: { holder: 'worker-a', ttlMs: 30_000, limit: Math.min(3, handlers.length) },
        take: (dispatches) => void taken.push(dispatches),
      }),
    },
    queue: {
      wake: async () => {
        woken += 1;
      },
    },
    clock: { nextTurn: (callback) => void setImmediate(callback) },
  });
  const item = { tenant: 'acme', root, dedupe: null, event: null };
  const take = (plan: Plan) => takeIn({ item, replan: async () => plan, mustPlan: true });
  return { take, stored, taken, woken: () => woken };
}

const created: IngestVerdict = { status: 'created', leased: [] };

describe('what is taken in', () => {
  it('is born in the hands of this process as far as it has slots, and wakes others for the rest', async () => {
    const { take, stored, taken, woken } = setting(() => created);
    await take(planOf(dispatch));
    expect(stored[0]?.lease).toEqual({ holder: 'worker-a', ttlMs: 30_000, limit: 1 });
    expect(taken).toEqual([[]]);
    expect(woken()).toBe(1);
  });

  it('asks for no lease of a replay, whose answer two callers could be given', async () => {
    const { take, stored, taken, woken } = setting(() => created);
    await take(planOf({ ...dispatch, workClass: 'replay' }));
    expect(stored[0]?.lease).toBeNull();
    expect(taken).toEqual([]);
    expect(woken()).toBe(1);
  });

  it('tells the worker that nobody knows what was leased where the answer is lost', async () => {
    const { take, taken } = setting(() => {
      throw new Error('read ECONNRESET');
    });
    await expect(take(planOf(dispatch))).rejects.toThrow('ECONNRESET');
    expect(taken).toEqual([null]);
  });

  it('is acknowledged only after the store has committed it', async () => {
    const commit = Promise.withResolvers<IngestVerdict>();
    const { take, stored } = setting(() => commit.promise);
    let acknowledged = false;
    const taken = take(planOf(dispatch)).then(() => {
      acknowledged = true;
    });
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect([stored.length, acknowledged]).toEqual([1, false]);
    commit.resolve(created);
    await taken;
    expect(acknowledged).toBe(true);
  });

  it('is planned anew while the configuration moves, and gives its slots back each time', async () => {
    const verdicts: IngestVerdict[] = [{ status: 'moved', revision: { hub: 1, tenant: 2 } }, created];
    const { take, stored, taken } = setting(() => verdicts.shift() ?? created);
    await take(planOf(dispatch));
    expect(stored).toHaveLength(2);
    expect(taken).toEqual([[], []]);
  });
});
