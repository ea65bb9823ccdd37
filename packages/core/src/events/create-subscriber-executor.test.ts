import { describe, expect, it } from 'vitest';
import type { ClaimedDispatch, EventRecord } from '../contracts/dispatch-records.ts';
import type { Work } from '../contracts/executor.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { silentLogger } from '../logger/logger.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { buildEvent } from './build-event.ts';
import { createSubscriberExecutor, type SubscriberFunction } from './create-subscriber-executor.ts';

const id = '01890a5d-ac96-774b-bcce-b302099a8057';
const built = buildEvent({
  tenant: 'acme',
  id,
  type: 'order.placed',
  time: 0,
  class: 'custom',
  severity: 'info',
  data: new TextEncoder().encode('{"a":1}'),
});
const stored: EventRecord = { ...built, storedAt: 0, considered: [] };

function setUp(call: SubscriberFunction, event: () => Promise<EventRecord | null> = async () => stored) {
  const clock = createManualClock();
  const logged: unknown[] = [];
  const executor = createSubscriberExecutor({
    name: 'index',
    call,
    history: { event },
    clock,
    logger: { ...silentLogger, warn: (message, fields) => void logged.push([message, fields]) },
    timeoutMs: 2_000,
    figures: { maximumAttempts: 3, maximumCrashes: 2 },
    backoffMs: () => 5,
  });
  const work = (changes: Partial<Work> = {}): Work => ({
    // What the executor reads of it.
    dispatch: { key: { tenant: 'acme', root: id } } as ClaimedDispatch,
    key: {
      value: 'the-key',
      child: () => ({
        value: 'child',
        child: () => {
          throw new Error('no');
        },
      }),
    },
    attempt: 2,
    signal: new AbortController().signal,
    deadline: Number.POSITIVE_INFINITY,
    ...changes,
  });
  return { executor, work, clock, logged };
}

describe('the executor of a subscriber', () => {
  it('hands its function the event, the key and the number of the attempt', async () => {
    const seen: unknown[] = [];
    const { executor, work } = setUp((event, delivery) =>
      seen.push([event.type, event.data, delivery.key, delivery.attempt, delivery.signal.aborted]),
    );
    expect(await executor.execute(work())).toEqual({ outcome: 'succeeded', output: null });
    expect(seen).toEqual([['order.placed', { a: 1 }, 'the-key', 2, false]]);
    expect(executor.handler).toBe('subscriber:index');
  });

  it('is given up after the attempts and crashes of the hub, and repeated without end after an unknown outcome', () => {
    const { executor, work } = setUp(() => undefined);
    expect(executor.policy(work().dispatch)).toEqual({
      idempotency: 'keyed',
      maximumAttempts: 3,
      maximumCrashes: 2,
      timeoutMs: 2_000,
      retryWithinMs: Number.POSITIVE_INFINITY,
      keyLifetimeMs: Number.POSITIVE_INFINITY,
      settlesWithinMs: 0,
      onUnknown: 'retry',
      backoffMs: expect.any(Function),
    });
  });

  it('gives each call an event of its own', async () => {
    const { executor, work } = setUp((event) => {
      expect(event.data).toEqual({ a: 1 });
      Object.assign(event.data ?? {}, { a: 2 });
    });
    await executor.execute(work());
    expect(await executor.execute(work())).toMatchObject({ outcome: 'succeeded' });
  });

  it.each([
    ['an error of the host', new TypeError('token=hunter2'), true, 'internal'],
    ['no error at all', 'token=hunter2', true, 'internal'],
    ['a final error', new PatchbayError({ code: 'invalid_input', message: 'No.' }), false, 'invalid_input'],
    ['an error to be retried', new PatchbayError({ code: 'timeout', message: 'Late.', retryable: true }), true, 'timeout'],
  ])('takes %s for a failure', async (_what, thrown, retryable, code) => {
    const { executor, work } = setUp(async () => {
      throw thrown;
    });
    const outcome = await executor.execute(work());
    expect(outcome).toMatchObject({ outcome: 'failed', retryable, error: { code } });
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });

  it('tries again where the store is away, ends where the event is gone, and calls nobody in either case', async () => {
    const refuse: SubscriberFunction = () => {
      throw new Error('was called');
    };
    const away = setUp(refuse, async () => {
      throw new PatchbayError({ code: 'storage_unavailable', message: 'Away.', retryable: true });
    });
    expect(await away.executor.execute(away.work())).toMatchObject({
      outcome: 'failed',
      retryable: true,
      error: { code: 'storage_unavailable' },
    });
    const gone = setUp(refuse, async () => null);
    expect(await gone.executor.execute(gone.work())).toMatchObject({ outcome: 'failed', retryable: false, error: { code: 'not_found' } });
  });

  it('calls nobody once its lease is over', async () => {
    const { executor, work } = setUp(() => {
      throw new Error('was called');
    });
    const aborted = AbortSignal.abort(new PatchbayError({ code: 'aborted', message: 'Stop.' }));
    expect(await executor.execute(work({ signal: aborted }))).toMatchObject({ outcome: 'deferred' });
    expect(await executor.execute(work({ deadline: -1 }))).toMatchObject({ outcome: 'deferred' });
  });

  it('gives up a call that outlasts its time, so that it neither keeps its slot nor its lease for ever', async () => {
    const signals: AbortSignal[] = [];
    const { executor, work, clock } = setUp((_event, { signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    const outcome = executor.execute(work());
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(2_000);
    expect(signals[0]?.aborted).toBe(true);
    clock.advance(1_000);
    expect(await outcome).toMatchObject({ outcome: 'failed', retryable: true, error: { code: 'timeout' } });
  });

  it("tells the log where the host's own code threw, and not what it said", async () => {
    const { executor, work, logged } = setUp(() => {
      throw new TypeError('token=hunter2');
    });
    await executor.execute(work());
    expect(logged).toEqual([
      [
        'a subscriber threw',
        { subscriber: 'index', error: 'TypeError', at: expect.stringContaining('create-subscriber-executor.test.ts:') },
      ],
    ]);
  });
});
