import { describe, expect, it } from 'vitest';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Executor, Outcome, Work } from '../contracts/executor.ts';
import type { Wake } from '../contracts/queue.ts';
import { silentLogger } from '../logger/logger.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { claimedDispatch, policyWith, promisesSettle } from './__fixtures__/claimed-dispatch.ts';
import { recordingStore } from './__fixtures__/recording-store.ts';
import { createDispatcher } from './create-dispatcher.ts';
import type { DispatchStore } from './dispatcher-options.ts';

const handler = 'action:service@1';
const figures = { concurrency: 3, leaseMs: 30_000, pollMs: 1_000, graceMs: 10_000, replayShare: 0.25 };
const done: Outcome = { outcome: 'succeeded', output: null };

interface Scene {
  readonly execute?: (work: Work) => Promise<Outcome>;
  readonly store?: Partial<DispatchStore>;
  /** Dispatches that the store hands out, oldest first. */
  readonly due?: ClaimedDispatch[];
}

/** A dispatcher over a store that hands out what is due; `executed` names what was begun, in order. */
function setting({ execute = async () => done, store = {}, due = [] }: Scene = {}) {
  const clock = createManualClock();
  const executed: string[] = [];
  const listeners = new Set<(hint: Wake) => void>();
  const notices: string[] = [];
  const executor: Executor = {
    handler,
    policy: () => policyWith(),
    execute: (work) => {
      executed.push(work.dispatch.handle);
      return execute(work);
    },
  };
  const storage = recordingStore({
    claim: async ({ kind, limit }) => {
      const fits = (each: ClaimedDispatch) => (kind === 'suspect') === each.crashes > 0;
      const claimed = due.filter(fits).slice(0, limit);
      for (const each of claimed) due.splice(due.indexOf(each), 1);
      return claimed;
    },
    nextDue: async () => (due.length > 0 ? 0 : null),
    ...store,
  });
  const dispatcher = createDispatcher({
    storage,
    queue: {
      onWake: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    executors: new Map([[handler, executor]]),
    advancer: { advance: async () => null },
    clock,
    random: () => 0.5,
    holder: 'worker-a',
    notify: (name) => notices.push(name),
    logger: silentLogger,
    figures,
  });
  /** Lets time pass in steps, with everything that follows from each. */
  const pass = async (milliseconds: number, step = 500): Promise<void> => {
    await promisesSettle();
    for (let passed = 0; passed < milliseconds; passed += step) {
      clock.advance(step);
      await promisesSettle();
    }
  };
  const wake = (hint: Wake = {}): void => {
    for (const listener of listeners) listener(hint);
  };
  return { clock, storage, dispatcher, executed, notices, listeners, due, pass, wake };
}

const some = (count: number, changes: Partial<ClaimedDispatch> = {}): ClaimedDispatch[] =>
  Array.from({ length: count }, (_, index) => claimedDispatch({ ...changes, handle: `d${index + 1}` }));

/** An execution that ends when its signal aborts, as taken back. */
const untilAborted = ({ signal }: Work): Promise<Outcome> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve({ outcome: 'deferred', delayMs: 0, reason: 'aborted' })));
const forEver = (): Promise<never> => new Promise(() => undefined);

describe('a worker', () => {
  it('executes what is due and writes what came of it', async () => {
    const { dispatcher, executed, storage, notices } = setting({ due: some(2) });
    dispatcher.start();
    await promisesSettle();
    expect(executed).toEqual(['d1', 'd2']);
    expect(storage.settled.map(({ handle }) => handle)).toEqual(['d1', 'd2']);
    expect(notices).toEqual(['action.executed', 'action.executed']);
  });

  it('never has more under way than its concurrency, and goes on as soon as a slot is free', async () => {
    const letGo: (() => void)[] = [];
    const execute = () => new Promise<Outcome>((resolve) => letGo.push(() => resolve(done)));
    const { dispatcher, executed } = setting({ due: some(5), execute });
    dispatcher.start();
    await promisesSettle();
    expect(executed).toEqual(['d1', 'd2', 'd3']);
    letGo[1]?.();
    await promisesSettle();
    expect(executed).toEqual(['d1', 'd2', 'd3', 'd4']);
  });

  it('goes on while outcomes are being written, with as many again and no more', async () => {
    const letGo: (() => void)[] = [];
    const settle: DispatchStore['settle'] = (items) =>
      new Promise((resolve) => letGo.push(() => resolve(items.map(() => ({ status: 'settled', leased: [] })))));
    const { dispatcher, executed } = setting({ due: some(20), store: { settle } });
    dispatcher.start();
    await promisesSettle();
    expect(executed).toHaveLength(6);
    letGo[0]?.();
    await promisesSettle();
    expect(executed).toHaveLength(12);
  });

  it('finds everything by looking although every wake-up is lost', async () => {
    const { dispatcher, executed, due, pass } = setting();
    dispatcher.start();
    await pass(2_000);
    due.push(...some(1));
    await pass(1_000);
    expect(executed).toEqual(['d1']);
  });

  it('looks at once when it is woken, and at the time that the wake-up names', async () => {
    const { dispatcher, executed, due, pass, wake } = setting();
    dispatcher.start();
    await pass(10, 10);
    due.push(...some(1));
    wake();
    await promisesSettle();
    expect(executed).toEqual(['d1']);
    due.push(...some(2).slice(1));
    wake({ inMs: 100 });
    await pass(90, 10);
    expect(executed).toEqual(['d1']);
    await pass(10, 10);
    expect(executed).toEqual(['d1', 'd2']);
  });

  it('takes suspects one at a time, beside other work', async () => {
    const letGo: (() => void)[] = [];
    const execute = () => new Promise<Outcome>((resolve) => letGo.push(() => resolve(done)));
    const suspects = some(2, { crashes: 1 }).map((each) => ({ ...each, handle: `suspect-${each.handle}` }));
    const { dispatcher, executed } = setting({ due: [...suspects, ...some(1)], execute });
    dispatcher.start();
    await promisesSettle();
    expect(executed).toEqual(['suspect-d1', 'd1']);
    letGo[0]?.();
    await promisesSettle();
    expect(executed).toEqual(['suspect-d1', 'd1', 'suspect-d2']);
  });

  it('gives back what it cannot execute, without an attempt', async () => {
    const { dispatcher, storage, executed } = setting({ due: some(1, { handler: 'subscriber:gone' }) });
    dispatcher.start();
    await promisesSettle();
    expect(executed).toEqual([]);
    expect(storage.deferred).toMatchObject([{ handle: 'd1', reason: 'handler_missing', nothingSent: true }]);
    expect(storage.settled).toEqual([]);
  });

  it('goes on with what is born leased behind an outcome', async () => {
    const [next] = some(2).slice(1);
    let born = next ? [next] : [];
    const settle: DispatchStore['settle'] = async (items) =>
      items.map(() => {
        const leased = born;
        born = [];
        return { status: 'settled', leased };
      });
    const { dispatcher, executed } = setting({ due: some(1), store: { settle } });
    dispatcher.start();
    await promisesSettle();
    expect(executed).toEqual(['d1', 'd2']);
  });

  it('says so when an outcome came too late', async () => {
    const { dispatcher, notices } = setting({ due: some(1), store: { settle: async (items) => items.map(() => ({ status: 'fenced' })) } });
    dispatcher.start();
    await promisesSettle();
    expect(notices).toEqual(['dispatch.fenced']);
  });

  it('keeps a dispatch in hand, and its lease alive, until the store has taken its outcome', async () => {
    let isAway = true;
    let extended = 0;
    const { dispatcher, storage, executed, pass } = setting({
      due: some(1),
      store: {
        settle: async (items) => {
          if (isAway) throw new Error('read ECONNRESET');
          storage.settled.push(...items);
          return items.map(() => ({ status: 'settled', leased: [] }));
        },
        extend: async () => {
          extended += 1;
          return [{ tenant: 'acme', handle: 'd1', fence: 1 }];
        },
      },
    });
    dispatcher.start();
    await pass(120_000);
    isAway = false;
    await pass(3_000);
    expect(executed).toEqual(['d1']);
    expect(extended).toBeGreaterThanOrEqual(11);
    expect(storage.settled).toHaveLength(1);
    expect(storage.deferred).toEqual([]);
  });
});

describe('slots that are reserved for what is about to be stored', () => {
  it('are refused to a process that is no worker, and to one that cannot execute it', () => {
    const { dispatcher } = setting();
    expect(dispatcher.reserve([handler])).toBeNull();
    dispatcher.start();
    expect(dispatcher.reserve([handler, 'subscriber:elsewhere'])).toBeNull();
    expect(dispatcher.reserve([])).toBeNull();
  });

  it('are as many as are free, and free again once they are taken', async () => {
    const { dispatcher, executed } = setting();
    dispatcher.start();
    await promisesSettle();
    const reservation = dispatcher.reserve(Array.from({ length: 5 }, () => handler));
    expect(reservation?.lease).toEqual({ holder: 'worker-a', ttlMs: 30_000, limit: 3 });
    expect(dispatcher.reserve([handler])).toBeNull();
    reservation?.take(some(1));
    expect(dispatcher.reserve([handler, handler, handler])?.lease.limit).toBe(2);
    expect(executed).toEqual(['d1']);
  });

  it('have the store searched for leases where the answer was lost', async () => {
    const { dispatcher, storage, pass } = setting({ store: { extend: async () => [{ tenant: 'acme', handle: 'd1', fence: 1 }] } });
    dispatcher.start();
    await promisesSettle();
    dispatcher.reserve([handler])?.take(null);
    await pass(20_000);
    expect(storage.deferred).toMatchObject([{ handle: 'd1', reason: 'answer_lost' }]);
  });

  it('give back what comes after a stop', async () => {
    const { dispatcher, storage, executed } = setting();
    dispatcher.start();
    const reservation = dispatcher.reserve([handler]);
    const stopped = dispatcher.stop();
    reservation?.take(some(1));
    await stopped;
    expect(executed).toEqual([]);
    expect(storage.deferred).toMatchObject([{ handle: 'd1', reason: 'drain', nothingSent: true }]);
  });
});

describe('a stop', () => {
  it('of an idle worker ends at once and leaves neither timer nor listener', async () => {
    const { dispatcher, clock, listeners } = setting();
    dispatcher.start();
    await promisesSettle();
    await dispatcher.stop();
    expect(clock.pending).toBe(0);
    expect(listeners.size).toBe(0);
    await dispatcher.stop();
    dispatcher.start();
    expect(listeners.size).toBe(0);
  });

  it('waits for what is under way within the grace', async () => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const { dispatcher, storage, pass, clock } = setting({ due: some(1), execute: () => promise });
    dispatcher.start();
    await promisesSettle();
    let stopped = false;
    void dispatcher.stop().then(() => {
      stopped = true;
    });
    await pass(9_000);
    expect(stopped).toBe(false);
    resolve(done);
    await promisesSettle();
    expect(stopped).toBe(true);
    expect(storage.settled).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('takes back after the grace what is still under way, and it goes back without an attempt', async () => {
    const { dispatcher, storage, pass, clock } = setting({ due: some(1), execute: untilAborted });
    dispatcher.start();
    await promisesSettle();
    const stopped = dispatcher.stop();
    await pass(10_000);
    await stopped;
    expect(storage.deferred).toMatchObject([{ handle: 'd1', reason: 'aborted' }]);
    expect(storage.settled).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('gives up what does not end, after the grace and two lease lengths at most', async () => {
    const { dispatcher, pass, clock } = setting({ due: some(1), execute: forEver });
    dispatcher.start();
    await promisesSettle();
    const since = clock.monotonic();
    let took = 0;
    void dispatcher.stop().then(() => {
      took = clock.monotonic() - since;
    });
    await pass(80_000);
    expect(took).toBe(40_000);
    expect(clock.pending).toBe(0);
  });

  it('does not wait for a store that never answers', async () => {
    const { dispatcher, pass } = setting({ store: { claim: forEver } });
    dispatcher.start();
    let stopped = false;
    void dispatcher.stop().then(() => {
      stopped = true;
    });
    await pass(70_000);
    expect(stopped).toBe(true);
  });

  it('gives back what a claim under way still brings', async () => {
    const answer = Promise.withResolvers<ClaimedDispatch[]>();
    const { dispatcher, storage, executed } = setting({
      store: { claim: ({ kind }) => (kind === 'ready' ? answer.promise : Promise.resolve([])) },
    });
    dispatcher.start();
    await promisesSettle();
    const stopped = dispatcher.stop();
    answer.resolve(some(1));
    await stopped;
    expect(executed).toEqual([]);
    expect(storage.deferred).toMatchObject([{ handle: 'd1', reason: 'drain' }]);
  });
});

describe('a bounded turn', () => {
  const turn = { deadlineMs: 8_000, reserveMs: 2_000 };

  it('works until nothing is due, says how many it executed, and leaves no timer', async () => {
    const { dispatcher, executed, clock } = setting({ due: some(7) });
    expect(await dispatcher.work(turn)).toBe(7);
    expect(executed).toHaveLength(7);
    expect(clock.pending).toBe(0);
  });

  it('begins nothing within the reserve', async () => {
    const { dispatcher, executed, due, pass, clock } = setting({
      due: some(1),
      execute: async () => {
        await new Promise<void>((resolve) => clock.setTimer(resolve, 6_500));
        due.push(...some(2).slice(1));
        return done;
      },
    });
    const worked = dispatcher.work(turn);
    await pass(8_000);
    expect(await worked).toBe(1);
    expect(executed).toEqual(['d1']);
  });

  it('takes back near its end what is still under way, and ends in time', async () => {
    const { dispatcher, storage, pass, clock } = setting({ due: some(1), execute: untilAborted });
    const worked = dispatcher.work(turn);
    await pass(7_000);
    await worked;
    expect(clock.monotonic()).toBe(7_000);
    expect(storage.deferred).toMatchObject([{ handle: 'd1', reason: 'aborted' }]);
    expect(clock.pending).toBe(0);
  });

  it('ends at its deadline although what is under way does not', async () => {
    const { dispatcher, pass, clock } = setting({ due: some(1), execute: forEver });
    let ended: number | undefined;
    void dispatcher.work(turn).then(() => {
      ended = clock.monotonic();
    });
    await pass(9_000);
    expect(ended).toBe(8_000);
  });

  it('leaves alone what a started worker has under way', async () => {
    const signals: AbortSignal[] = [];
    const { dispatcher, pass } = setting({
      due: some(1),
      execute: ({ signal }) => {
        signals.push(signal);
        return forEver();
      },
      store: { extend: async () => [{ tenant: 'acme', handle: 'd1', fence: 1 }] },
    });
    dispatcher.start();
    const worked = dispatcher.work(turn);
    await pass(9_000);
    await worked;
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  it('gives back what a claim brings after its end', async () => {
    const answer = Promise.withResolvers<ClaimedDispatch[]>();
    const { dispatcher, storage, pass, executed } = setting({
      store: { claim: ({ kind }) => (kind === 'ready' ? answer.promise : Promise.resolve([])) },
    });
    const worked = dispatcher.work(turn);
    await pass(8_000);
    await worked;
    answer.resolve(some(1));
    await promisesSettle();
    expect(executed).toEqual([]);
    expect(storage.deferred).toMatchObject([{ handle: 'd1', reason: 'drain' }]);
  });

  it('is over when the hub stops', async () => {
    const { dispatcher, executed, due, pass } = setting({
      due: some(1),
      execute: async () => {
        due.push(...some(1));
        return done;
      },
    });
    const worked = dispatcher.work(turn);
    await dispatcher.stop();
    await pass(1_000);
    await worked;
    expect(executed.length).toBeLessThan(4);
    expect(await dispatcher.work(turn)).toBe(0);
  });
});
