import { beforeEach, describe, expect, it } from 'vitest';
import type { ClaimedDispatch, NewDispatch } from '../contracts/dispatch-records.ts';
import type { IngestItem, IngestVerdict, Plan } from '../contracts/hot-store.ts';
import type { Postponed } from '../contracts/planner.ts';
import type { Wake } from '../contracts/queue.ts';
import { buildEvent } from './build-event.ts';
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
  ordering: null,
};
const planOf = (...dispatches: NewDispatch[]): Plan => ({ revision: { hub: 1, tenant: 1 }, considered: [], runs: [], dispatches });

/** Turns go on by themselves; a timer is over at once, and noted. */
const pauses: number[] = [];
const clock = {
  nextTurn: (callback: () => void) => void setImmediate(callback),
  setTimer(callback: () => void, delayMs: number) {
    pauses.push(delayMs);
    const timer = setImmediate(callback);
    return { cancel: () => clearImmediate(timer) };
  },
};
beforeEach(() => void pauses.splice(0));

/** An intake over a store that answers as given, in a process with three free slots. */
function setting(answer: () => IngestVerdict | Promise<IngestVerdict>) {
  const stored: IngestItem[] = [];
  const taken: (readonly ClaimedDispatch[] | null)[] = [];
  const woken: Wake[] = [];
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
      wake: async (hint) => void woken.push(hint),
    },
    clock,
  });
  const item = { tenant: 'acme', root, dedupe: null, event: null };
  const take = (plan: Plan | Postponed, mustPlan = true) => takeIn({ item, replan: async () => plan, mustPlan });
  return { take, stored, taken, woken };
}

/** An intake that notes tenant and last digit of what goes to the store together. */
function intakeInto(batches: string[][]) {
  return createIntake({
    storage: {
      async ingest(items) {
        batches.push(items.map((each) => `${each.tenant} ${each.root.slice(-1)}`));
        return items.map(() => created);
      },
    },
    leases: { reserve: () => ({ lease: { holder: 'worker-a', ttlMs: 30_000, limit: 0 }, take: () => undefined }) },
    queue: { wake: async () => undefined },
    clock,
  });
}

const eventWith = (bytes: number, original: number) =>
  buildEvent({
    tenant: 'acme',
    id: root,
    type: 'order.placed',
    time: 0,
    class: 'custom',
    severity: 'info',
    data: new TextEncoder().encode('x'.repeat(bytes)),
    ...(original === 0 ? {} : { original: new Uint8Array(original) }),
  });

const created: IngestVerdict = { status: 'created', leased: [] };

describe('what is taken in', () => {
  it('is born in the hands of this process as far as it has slots, and wakes others for the rest', async () => {
    const { take, stored, taken, woken } = setting(() => created);
    await take(planOf(dispatch));
    expect(stored[0]?.lease).toEqual({ holder: 'worker-a', ttlMs: 30_000, limit: 1 });
    expect(taken).toEqual([[]]);
    expect(woken).toEqual([{ handlers: [dispatch.handler] }]);
  });

  it('asks for no lease of a replay, whose answer two callers could be given', async () => {
    const { take, stored, taken, woken } = setting(() => created);
    await take(planOf({ ...dispatch, workClass: 'replay' }));
    expect(stored[0]?.lease).toBeNull();
    expect(taken).toEqual([]);
    expect(woken).toEqual([{ handlers: [dispatch.handler] }]);
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

  it('goes to the store in the order of its dedupe keys, or else of its ids, whoever came first, so that no two batches wait for each other', async () => {
    const batches: string[][] = [];
    const takeIn = intakeInto(batches);
    const item = (tenant: string, last: string, key: string | null) => ({
      tenant,
      root: `${root.slice(0, -1)}${last}`,
      dedupe: key === null ? null : { key, hash: null },
      event: null,
    });
    const items = [item('b', '1', 'k-1'), item('a', '3', 'k-2'), item('a', '2', 'k-9'), item('a', '8', null), item('a', '7', null)];
    await Promise.all(items.map((each) => takeIn({ item: each, replan: async () => planOf(), mustPlan: true })));
    expect(batches).toEqual([['a 7', 'a 8', 'a 3', 'a 2', 'b 1']]);
  });

  it.each<[string, (bytes: number) => Pick<IngestItem, 'event'>, (bytes: number) => NewDispatch[]]>([
    ['its data', (bytes) => ({ event: eventWith(bytes, 0) }), () => []],
    ['what it was made of', (bytes) => ({ event: eventWith(2, bytes) }), () => []],
    ['the inputs of its dispatches', () => ({ event: null }), (bytes) => [{ ...dispatch, input: `"${'x'.repeat(bytes)}"` }]],
  ])('fills a batch by the bytes of %s', async (_what, made, dispatches) => {
    for (const [bytes, count] of [
      [600_000, 2],
      [400_000, 1],
    ] as const) {
      const batches: string[][] = [];
      const takeIn = intakeInto(batches);
      const item = { tenant: 'acme', root, dedupe: null, ...made(bytes) };
      await Promise.all([1, 2].map(() => takeIn({ item, replan: async () => planOf(...dispatches(bytes)), mustPlan: true })));
      expect(batches).toHaveLength(count);
    }
  });

  it('is planned anew while the configuration moves, and gives its slots back each time', async () => {
    const verdicts: IngestVerdict[] = [{ status: 'moved', revision: { hub: 1, tenant: 2 } }, created];
    const { take, stored, taken } = setting(() => verdicts.shift() ?? created);
    await take(planOf(dispatch));
    expect(stored).toHaveLength(2);
    expect(taken).toEqual([[], []]);
  });

  it('goes in with a mark where its plan is postponed, under the configuration that was looked at', async () => {
    const { take, stored, taken, woken } = setting(() => created);
    const postponed: Postponed = { postponed: true, revision: { hub: 3, tenant: 4 }, inOrder: false };
    expect(await take(postponed)).toEqual({ verdict: created, plan: null });
    expect(stored).toMatchObject([{ plan: null, admittedAt: { hub: 3, tenant: 4 }, lease: null }]);
    expect(taken).toEqual([]);
    expect(woken).toEqual([{}]);
  });

  it('is looked at anew where the configuration has moved since its plan was postponed', async () => {
    const moved: IngestVerdict = { status: 'moved', revision: { hub: 3, tenant: 5 } };
    const postponed: Postponed = { postponed: true, revision: { hub: 3, tenant: 4 }, inOrder: false };
    const restless = setting(() => moved);
    await expect(restless.take(postponed)).rejects.toMatchObject({ code: 'conflict', retryable: true });
    expect(restless.stored.every(({ admittedAt }) => admittedAt !== undefined)).toBe(true);
    const verdicts: IngestVerdict[] = [moved, moved];
    const calm = setting(() => verdicts.shift() ?? created);
    await calm.take(postponed, false);
    expect(calm.stored.map(({ admittedAt }) => admittedAt === undefined)).toEqual([false, false, true]);
    // What nobody has looked at may be found to have an ordering key.
    expect(calm.stored.map(({ inOrder }) => inOrder)).toEqual([false, false, true]);
  });
});

describe('what is busy', () => {
  const answers = (...verdicts: readonly IngestVerdict[]) => {
    const left = [...verdicts];
    return () => left.shift() ?? created;
  };
  const busy: IngestVerdict = { status: 'busy' };

  it('is tried again after ever longer pauses, with slots for nothing', async () => {
    const { take, stored, taken, woken } = setting(answers(busy, busy, busy));
    expect((await take(planOf(dispatch))).verdict).toEqual(created);
    expect(pauses).toEqual([50, 100, 200]);
    expect(stored.map(({ lease }) => lease?.limit ?? null)).toEqual([1, null, null, null]);
    expect(taken).toEqual([[]]);
    expect(woken).toHaveLength(1);
  });

  it('is refused as something that may be repeated where it stays so', async () => {
    const { take, stored } = setting(() => busy);
    await expect(take(planOf(dispatch))).rejects.toMatchObject({ code: 'overloaded', retryable: true, retryAfterMs: 1_000 });
    expect(stored).toHaveLength(6);
    expect(pauses.reduce((total, pause) => total + pause, 0)).toBeLessThan(2_000);
  });

  it('is planned anew where the configuration has moved meanwhile', async () => {
    const { take, stored } = setting(answers(busy, { status: 'moved', revision: { hub: 1, tenant: 2 } }));
    expect((await take(planOf(dispatch))).verdict).toEqual(created);
    expect(stored).toHaveLength(3);
  });

  it('does not keep others from going in, and takes those with the same key with it', async () => {
    const batches: string[][] = [];
    const held = new Set(['1']);
    const takeIn = createIntake({
      storage: {
        async ingest(items) {
          batches.push(items.map((each) => each.root.slice(-1)));
          return items.map((each) => (held.has(each.root.slice(-1)) ? busy : created));
        },
      },
      leases: { reserve: () => null },
      queue: { wake: async () => undefined },
      clock,
    });
    const at = (digit: string) =>
      takeIn({
        item: { tenant: 'acme', root: `${root.slice(0, -1)}${digit}`, dedupe: null, event: null },
        replan: async () => planOf(),
        mustPlan: true,
      });
    const first = expect(at('1')).rejects.toMatchObject({ code: 'overloaded' });
    expect((await at('2')).verdict).toEqual(created);
    const again = expect(at('1')).rejects.toMatchObject({ code: 'overloaded' });
    expect((await at('3')).verdict).toEqual(created);
    await Promise.all([first, again]);
    expect(batches.filter((batch) => batch.includes('3'))).toEqual([['3']]);
    held.clear();
    expect((await at('1')).verdict).toEqual(created);
  });
});
