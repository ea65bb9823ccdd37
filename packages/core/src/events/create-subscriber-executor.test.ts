import { describe, expect, it } from 'vitest';
import type { ClaimedDispatch, EventRecord } from '../contracts/dispatch-records.ts';
import type { Work } from '../contracts/executor.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
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
  const executor = createSubscriberExecutor({
    name: 'index',
    call,
    history: { event },
    clock: { monotonic: () => 0 },
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
    deadline: 1_000,
    ...changes,
  });
  return { executor, work };
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
    expect(await executor.execute(work({ deadline: 0 }))).toMatchObject({ outcome: 'deferred' });
  });
});
