import { describe, expect, it } from 'vitest';
import type { Advancer } from '../contracts/advancer.ts';
import type { SettleItem, SettleVerdict } from '../contracts/hot-store.ts';
import type { RunChange } from '../contracts/run-change.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { silentLogger } from '../logger/logger.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { claimedDispatch, promisesSettle, runRecord } from './__fixtures__/claimed-dispatch.ts';
import { recordingStore } from './__fixtures__/recording-store.ts';
import type { DispatchStore } from './dispatcher-options.ts';
import type { Running } from './lease-watch.ts';
import { resolveOutcome } from './resolve-outcome.ts';
import { createResolutionWriter, type Written } from './write-resolution.ts';

const run = runRecord();
const dispatch = claimedDispatch({ run, lastAttempt: 3 });
const running = { dispatch, abort: new AbortController(), deadline: 27_000 };
const policy = { idempotency: 'keyed', maximumAttempts: 9, backoffMs: () => 500, keyLifetimeMs: 9e9 } as const;
const resolved = (outcome: Parameters<typeof resolveOutcome>[0]['outcome']) =>
  resolveOutcome({
    dispatch,
    policy: { maximumCrashes: 3, timeoutMs: 1, retryWithinMs: 1, settlesWithinMs: 1, onUnknown: 'hold', ...policy },
    outcome,
    random: 0,
  });
const success = resolved({ outcome: 'succeeded', output: '{"id":7}' });
const change = (from: { readonly revision: number }): RunChange => ({
  key: run.key,
  revision: from.revision,
  status: 'succeeded',
  state: '{"done":true}',
  error: null,
  next: [],
});

interface Scene {
  readonly store?: Partial<DispatchStore>;
  readonly advance?: Advancer['advance'];
  readonly mayLease?: boolean;
}

function setting({ store: changes = {}, advance = async (_, from) => change(from), mayLease = true }: Scene = {}) {
  const clock = createManualClock();
  const storage = recordingStore(changes);
  const giveUp = new AbortController();
  const left: Running[] = [];
  const writer = createResolutionWriter({
    storage,
    clock,
    advancer: { advance },
    holder: 'worker-a',
    figures: { concurrency: 4, leaseMs: 30_000, pollMs: 1_000, graceMs: 10_000, replayShare: 0.25 },
    random: () => 1,
    logger: silentLogger,
    mayLease: () => mayLease,
    leaveSlot: (each) => left.push(each),
    giveUp: giveUp.signal,
  });
  /** Waits for a write, letting time pass for its pauses. */
  const finish = async (written: Promise<Written | null>): Promise<Written | null> => {
    let ended = false;
    void written.finally(() => {
      ended = true;
    });
    for (let pause = 0; pause < 30 && !ended; pause += 1) {
      await promisesSettle();
      clock.advance(2_000);
    }
    return written;
  };
  return { clock, storage, writer, giveUp, finish, left };
}

/** A settle that answers one verdict or error after the other, then `settled`; and what it was asked. */
function settleWith(...answers: (SettleVerdict | Error)[]) {
  const asked: SettleItem[] = [];
  const settle: DispatchStore['settle'] = async (items) =>
    items.map((item) => {
      asked.push(item);
      const answer = answers.shift() ?? { status: 'settled', leased: [] };
      if (answer instanceof Error) throw answer;
      return answer;
    });
  return { settle, asked };
}

describe('a resolution that is written', () => {
  it('records the attempt, the outcome and what it means for the run in one item', async () => {
    const { writer, storage } = setting();
    const written = await writer.write(running, success, 12);
    expect(storage.settled).toHaveLength(1);
    expect(storage.settled[0]).toMatchObject({
      tenant: 'acme',
      handle: 'd1',
      fence: 1,
      attempt: { number: 4, round: 1, outcome: 'succeeded', durationMs: 12, holder: 'worker-a', fence: 1 },
      settlement: { to: 'succeeded', output: '{"id":7}' },
      run: { revision: 1, status: 'succeeded' },
      lease: null,
    });
    expect(written).toMatchObject({ leased: [], run: { status: 'succeeded' } });
  });

  it('asks for what follows to be born leased here, one at most, where this process may take it', async () => {
    const next = { ...dispatch, delayMs: 0, handler: 'action:service@1' };
    const advance: Advancer['advance'] = async (_, from) => ({ ...change(from), status: 'running', next: [next] });
    for (const mayLease of [true, false]) {
      const { writer, storage } = setting({ advance, mayLease });
      await writer.write(running, success, 12);
      expect(storage.settled[0]?.lease).toEqual(mayLease ? { holder: 'worker-a', ttlMs: 30_000, limit: 1 } : null);
    }
  });

  it('leaves its slot at once, once, unless what follows is to be born leased into it', async () => {
    const next = { ...dispatch, delayMs: 0, handler: 'action:service@1' };
    const following: Advancer['advance'] = async (_, from) => ({ ...change(from), status: 'running', next: [next] });
    const never = { settle: () => new Promise<never>(() => undefined) };
    for (const [scene, count] of [
      [{}, 1],
      [{ advance: following, mayLease: false }, 1],
      [{ advance: following }, 0],
    ] as const) {
      const { writer, left } = setting({ ...scene, store: never });
      void writer.write(running, success, 12);
      await promisesSettle();
      expect(left).toHaveLength(count);
    }
  });

  it('takes no lease for what follows once it has left its slot', async () => {
    const next = { ...dispatch, delayMs: 0, handler: 'action:service@1' };
    const { settle, asked } = settleWith({ status: 'stale' });
    const { writer, left } = setting({
      store: { settle, history: { run: async () => runRecord({ revision: 2 }) } },
      advance: async (_, from) => ({ ...change(from), ...(from.revision > 1 ? { status: 'running', next: [next] } : {}) }),
    });
    await writer.write(running, success, 12);
    expect(asked.map((item) => [item.lease, item.run?.next.length])).toEqual([
      [null, 0],
      [null, 1],
    ]);
    expect(left).toEqual([running]);
  });

  it('leaves the run alone while the dispatch goes on', async () => {
    const { writer, storage } = setting({ advance: () => Promise.reject(new Error('nobody asked for this')) });
    await writer.write(running, resolved({ outcome: 'failed', error: { code: 'network', message: 'Lost.' }, retryable: true }), 12);
    expect(storage.settled[0]).toMatchObject({ run: null, settlement: { to: 'pending' } });
  });

  it('closes the lane before the outcome is written', async () => {
    const order: string[] = [];
    const { settle } = settleWith();
    const { writer } = setting({
      store: {
        gates: { close: async ([gate]) => void order.push(`close ${gate?.lane} ${gate?.reason} ${gate?.forMs}`) },
        settle: (items) => {
          order.push('settle');
          return settle(items);
        },
      },
    });
    const limited = { code: 'rate_limited', message: 'Slow down.' };
    await writer.write(
      running,
      resolved({ outcome: 'failed', error: limited, retryable: true, retryAfterMs: 900, closeLane: 'rate_limited' }),
      12,
    );
    expect(order).toEqual(['close connection:main rate_limited 900', 'settle']);
  });

  it('goes back without an attempt where it was deferred', async () => {
    const { writer, storage } = setting();
    await writer.write(running, resolved({ outcome: 'deferred', delayMs: 70, reason: 'connection' }), 12);
    expect(storage.settled).toEqual([]);
    expect(storage.deferred).toEqual([{ tenant: 'acme', handle: 'd1', fence: 1, delayMs: 70, reason: 'connection', nothingSent: true }]);
  });

  it('is nothing where the lease was lost', async () => {
    const { settle } = settleWith({ status: 'fenced' });
    const { writer } = setting({ store: { settle, defer: async (items) => items.map(() => ({ status: 'fenced' })) } });
    expect(await writer.write(running, success, 12)).toBeNull();
    expect(await writer.write(running, resolved({ outcome: 'deferred', delayMs: 0, reason: 'drain' }), 12)).toBeNull();
  });

  it('coalesces the outcomes of one turn', async () => {
    let calls = 0;
    const { settle, asked } = settleWith();
    const { writer } = setting({
      store: {
        settle: (items) => {
          calls += 1;
          return settle(items);
        },
      },
    });
    const others = ['d3', 'd1', 'd2'].map((handle) => ({ ...running, dispatch: { ...dispatch, handle, run: null } }));
    await Promise.all(others.map((each) => writer.write(each, success, 12)));
    expect(calls).toBe(1);
    expect(asked.map(({ handle }) => handle)).toEqual(['d1', 'd2', 'd3']);
  });
});

describe('an outcome that the store does not take at once', () => {
  it('is written again until it is taken, the same each time', async () => {
    const { settle, asked } = settleWith(...Array.from({ length: 20 }, () => new Error('read ECONNRESET')));
    const { writer, finish } = setting({ store: { settle } });
    expect(await finish(writer.write(running, success, 12))).toMatchObject({ run: { status: 'succeeded' } });
    expect(asked).toHaveLength(21);
    expect(new Set(asked.map((item) => JSON.stringify(item))).size).toBe(1);
  });

  it('is worked out again from the newer run where the run has moved on', async () => {
    const { settle, asked } = settleWith({ status: 'stale' }, { status: 'stale' });
    let revision = 1;
    const history = { run: async () => runRecord({ revision: ++revision }) };
    const { writer } = setting({ store: { settle, history } });
    expect(await writer.write(running, success, 12)).toMatchObject({ run: { revision: 3 } });
    expect(asked.map((item) => item.run?.revision)).toEqual([1, 2, 3]);
  });

  it('does not ask without pause where the run never stands still', async () => {
    const { settle, asked } = settleWith(...Array.from({ length: 6 }, () => ({ status: 'stale' as const })));
    const { writer, clock, finish } = setting({ store: { settle, history: { run: async () => run } } });
    const written = writer.write(running, success, 12);
    for (let turn = 0; turn < 20; turn += 1) await promisesSettle();
    expect(asked).toHaveLength(4);
    expect(clock.pending).toBe(1);
    expect(await finish(written)).not.toBeNull();
    expect(asked).toHaveLength(7);
  });

  it('is worked out again where the store could not be read for it', async () => {
    const errors: unknown[] = [
      new Error('read ECONNRESET'),
      new PatchbayError({ code: 'storage_unavailable', message: 'Away.', retryable: true }),
    ];
    const { writer, storage, finish } = setting({
      advance: async (_, from) => {
        if (errors.length > 0) throw errors.shift();
        return change(from);
      },
    });
    expect(await finish(writer.write(running, success, 12))).toMatchObject({ run: { status: 'succeeded' } });
    expect(storage.settled).toHaveLength(1);
  });

  it('fails the run with the reason, and keeps the outcome, where the run can never go on', async () => {
    const gone = new PatchbayError({ code: 'internal', message: 'The version is gone. Restore it.' });
    const { writer, storage } = setting({ advance: () => Promise.reject(gone) });
    await writer.write(running, success, 12);
    expect(storage.settled[0]).toMatchObject({
      settlement: { to: 'succeeded' },
      run: { status: 'failed', state: '{}', error: { code: 'internal', message: 'The version is gone. Restore it.' }, next: [] },
    });
  });

  const refusal = new PatchbayError({ code: 'invalid_argument', message: 'A NUL character.' });

  it('is held, not repeated, where the store refuses what it gave', async () => {
    const { settle, asked } = settleWith(refusal);
    const { writer } = setting({ store: { settle } });
    const written = await writer.write(running, success, 12);
    expect(asked[1]).toMatchObject({
      attempt: { number: 4, outcome: 'unknown', error: { code: 'invalid_output' }, warnings: [], providerRequestId: null },
      settlement: { to: 'held' },
      run: null,
    });
    expect(written).toMatchObject({ resolution: { settlement: { to: 'held' } }, run: null });
  });

  it('is held, not lost, where its lane cannot be closed', async () => {
    const limited = resolved({
      outcome: 'failed',
      error: { code: 'rate_limited', message: 'Slow down.' },
      retryable: true,
      retryAfterMs: 900,
      closeLane: 'rate_limited',
    });
    const { writer, storage } = setting({ store: { gates: { close: () => Promise.reject(refusal) } } });
    const written = await writer.write(running, limited, 12);
    expect(written).toMatchObject({ resolution: { settlement: { to: 'held' } } });
    expect(storage.settled).toHaveLength(1);
  });

  it('is held in the end even where the store refuses that for a while', async () => {
    const { settle, asked } = settleWith(refusal, refusal, refusal);
    const { writer, finish } = setting({ store: { settle } });
    expect(await finish(writer.write(running, success, 12))).toMatchObject({ resolution: { settlement: { to: 'held' } } });
    expect(asked).toHaveLength(4);
  });

  it('is held where the store calls it stale and has no run', async () => {
    const { settle, asked } = settleWith({ status: 'stale' });
    const { writer } = setting({ store: { settle } });
    await writer.write(running, success, 12);
    expect(asked[1]).toMatchObject({ settlement: { to: 'held' } });
  });

  it('is left to its lease only when this process gives up', async () => {
    const { writer, giveUp, clock } = setting({ store: { settle: () => Promise.reject(new Error('read ECONNRESET')) } });
    const written = writer.write(running, success, 12);
    written.catch(() => undefined);
    await promisesSettle();
    giveUp.abort();
    await expect(written).rejects.toThrow('ECONNRESET');
    expect(clock.pending).toBe(0);
  });
});

describe('a mark in flight', () => {
  it('is repeated until the store answers, and is false where the lease was lost', async () => {
    const errors = [new Error('read ECONNRESET')];
    const { writer, storage, clock } = setting({
      store: {
        begin: async (items) => {
          const error = errors.pop();
          if (error) throw error;
          storage.begun.push(...items);
          return items.map((item) => ({ status: item.fence === 1 ? 'done' : 'fenced' }));
        },
      },
    });
    const begun = writer.begin(running);
    await promisesSettle();
    clock.advance(2_000);
    expect(await begun).toBe(true);
    expect(await writer.begin({ ...running, dispatch: { ...dispatch, fence: 2 } })).toBe(false);
  });
});
