import { describe, expect, it } from 'vitest';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { type BatcherOptions, createBatcher } from './create-batcher.ts';

const clock = {
  nextTurn: (callback: () => void) => void setImmediate(callback),
  setTimer: () => ({ cancel: () => undefined }),
};

/** A clock whose timers go off when the test says so. */
function handClock() {
  const timers = new Set<{ readonly callback: () => void; readonly delayMs: number }>();
  const setTimer = (callback: () => void, delayMs: number) => {
    const timer = { callback, delayMs };
    timers.add(timer);
    return { cancel: () => void timers.delete(timer) };
  };
  return { clock: { ...clock, setTimer }, timers };
}

/** A batcher of texts whose verdict is the text in capitals, and the batches that it has sent. */
function recordingBatcher(changes: Partial<BatcherOptions<string, string>> = {}) {
  const sent: string[][] = [];
  const batcher = createBatcher<string, string>({
    clock,
    sizeOf: (item) => item.length,
    send: async (items) => {
      sent.push([...items]);
      return items.map((item) => item.toUpperCase());
    },
    ...changes,
  });
  return { batcher, sent };
}

/** A send that waits until the test lets it go on. */
function heldSend() {
  const waiting: (() => void)[] = [];
  const send = async (items: readonly string[]): Promise<string[]> => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
    return items.map((item) => item.toUpperCase());
  };
  return { send, waiting };
}

const nextTurns = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('a batcher', () => {
  it('sends what is handed in during one turn in one go', async () => {
    const { batcher, sent } = recordingBatcher();
    expect(await Promise.all(['a', 'b', 'c'].map((item) => batcher.add(item)))).toEqual(['A', 'B', 'C']);
    expect(await batcher.add('d')).toBe('D');
    expect(sent).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('sends in the order of the keys and answers each caller his own', async () => {
    const { batcher, sent } = recordingBatcher({ compare: (left, right) => left.localeCompare(right) });
    expect(await Promise.all(['c', 'a', 'b'].map((item) => batcher.add(item)))).toEqual(['C', 'A', 'B']);
    expect(sent).toEqual([['a', 'b', 'c']]);
  });

  it('keeps batches within their items and bytes, and lets a larger item go alone', async () => {
    const { batcher, sent } = recordingBatcher({ maximumItems: 3, maximumBytes: 10, flushers: 1 });
    const items = ['1', '2', '3', '4', 'x'.repeat(50), '55555', '666666'];
    expect(await Promise.all(items.map((item) => batcher.add(item)))).toEqual(items.map((item) => item.toUpperCase()));
    expect(sent).toEqual([['1', '2', '3'], ['4'], ['x'.repeat(50)], ['55555'], ['666666']]);
  });

  it('has as many batches under way as it has flushers, and collects the rest meanwhile', async () => {
    const { send, waiting } = heldSend();
    const { batcher } = recordingBatcher({ send, maximumItems: 2, flushers: 2 });
    const all = ['a', 'b', 'c', 'd', 'e'].map((item) => batcher.add(item));
    await nextTurns();
    expect(waiting).toHaveLength(2);
    waiting.shift()?.();
    await nextTurns();
    expect(waiting).toHaveLength(2);
    for (const letGo of waiting) letGo();
    expect(await Promise.all(all)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  it('lets a few wait for the batch that is under way, and sends a further one at once when half a batch waits', async () => {
    const { send, waiting } = heldSend();
    const { batcher } = recordingBatcher({ send, maximumItems: 8 });
    const all = [batcher.add('a')];
    await nextTurns();
    for (const item of ['b', 'c', 'd']) all.push(batcher.add(item));
    await nextTurns();
    expect(waiting).toHaveLength(1);
    all.push(batcher.add('e'));
    await nextTurns();
    expect(waiting).toHaveLength(2);
    for (const letGo of waiting) letGo();
    expect(await Promise.all(all)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  it('sends a further batch at once when the bytes of a whole one wait', async () => {
    const { send, waiting } = heldSend();
    const { batcher } = recordingBatcher({ send, maximumBytes: 10 });
    const all = [batcher.add('a')];
    await nextTurns();
    all.push(batcher.add('b'.repeat(10)));
    await nextTurns();
    expect(waiting).toHaveLength(2);
    for (const letGo of waiting) letGo();
    expect(await Promise.all(all)).toEqual(['A', 'B'.repeat(10)]);
  });

  it('holds nobody up behind a batch that is late, and sets no timer where nobody waits', async () => {
    const { clock: byHand, timers } = handClock();
    const { send, waiting } = heldSend();
    const { batcher } = recordingBatcher({ clock: byHand, send });
    const first = batcher.add('a');
    await nextTurns();
    expect(timers.size).toBe(0);
    const second = batcher.add('b');
    const third = batcher.add('c');
    await nextTurns();
    expect(waiting).toHaveLength(1);
    expect([...timers]).toMatchObject([{ delayMs: 25 }]);
    for (const { callback } of timers) callback();
    await nextTurns();
    expect(waiting).toHaveLength(2);
    waiting.pop()?.();
    expect(await Promise.all([second, third])).toEqual(['B', 'C']);
    expect(timers.size).toBe(0);
    // The batch that was late is still under way: the next one has its own time to wait.
    const fourth = batcher.add('d');
    await nextTurns();
    expect(timers.size).toBe(1);
    for (const letGo of waiting) letGo();
    await first;
    await nextTurns();
    expect(timers.size).toBe(0);
    waiting.pop()?.();
    expect(await fourth).toBe('D');
  });

  it('answers overloaded instead of letting a queue grow without end', async () => {
    const { send, waiting } = heldSend();
    const { batcher } = recordingBatcher({ send, maximumWaiting: 2, flushers: 1, maximumItems: 1 });
    const first = batcher.add('a');
    await nextTurns();
    const more = [batcher.add('b'), batcher.add('c')];
    await expect(batcher.add('d')).rejects.toMatchObject({ code: 'overloaded', retryable: true, retryAfterMs: 1_000 });
    for (let count = 0; count < 3; count += 1) {
      waiting.shift()?.();
      await nextTurns();
    }
    expect(await Promise.all([first, ...more])).toEqual(['A', 'B', 'C']);
  });
});

describe('the bytes that wait', () => {
  it('are bounded, too, and what was sent counts no longer', async () => {
    const { send, waiting } = heldSend();
    const { batcher } = recordingBatcher({ send, maximumWaitingBytes: 10, flushers: 1, maximumItems: 1 });
    const first = batcher.add('a'.repeat(10));
    await nextTurns();
    const more = [batcher.add('b'.repeat(4)), batcher.add('c'.repeat(6))];
    await expect(batcher.add('d')).rejects.toMatchObject({
      code: 'overloaded',
      retryable: true,
      retryAfterMs: 1_000,
      message: expect.stringContaining('2 items of 10 bytes wait'),
    });
    waiting.shift()?.();
    await nextTurns();
    await expect(batcher.add('e'.repeat(5))).rejects.toMatchObject({ code: 'overloaded' });
    more.push(batcher.add('f'.repeat(4)));
    for (let count = 0; count < 3; count += 1) {
      waiting.shift()?.();
      await nextTurns();
    }
    expect((await Promise.all([first, ...more])).map(({ length }) => length)).toEqual([10, 4, 6, 4]);
  });

  it('are 64 MiB unless told otherwise', async () => {
    const mebibyte = 1_048_576;
    const { batcher } = recordingBatcher({ sizeOf: () => mebibyte, send: () => new Promise(() => undefined), flushers: 2 });
    const results: string[] = [];
    for (let count = 0; count < 5_000; count += 1) batcher.add('x').catch(({ code }) => results.push(code));
    await nextTurns();
    expect(results).toEqual(Array.from({ length: 5_000 - 64 }, () => 'overloaded'));
  });

  it('let in an item that is larger than all of them where nothing waits', async () => {
    const { batcher } = recordingBatcher({ maximumWaitingBytes: 10 });
    expect(await batcher.add('x'.repeat(50))).toHaveLength(50);
    expect(await batcher.add('y'.repeat(50))).toHaveLength(50);
  });
});

describe('a batch that fails', () => {
  const refuseBad = async (items: readonly string[]): Promise<string[]> => {
    if (items.includes('bad')) throw new PatchbayError({ code: 'invalid_argument', message: 'The store refuses bad.' });
    return items.map((item) => item.toUpperCase());
  };

  it('for the sake of one item fails that one alone', async () => {
    const { batcher } = recordingBatcher({ send: refuseBad });
    const results = await Promise.allSettled(['a', 'b', 'bad', 'c', 'd', 'e'].map((item) => batcher.add(item)));
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.code))).toEqual([
      'A',
      'B',
      'invalid_argument',
      'C',
      'D',
      'E',
    ]);
  });

  it('for the sake of the store is asked once, not once for every half', async () => {
    let asked = 0;
    const away = new PatchbayError({ code: 'storage_unavailable', message: 'The store is away.', retryable: true });
    const { batcher } = recordingBatcher({
      send: async () => {
        asked += 1;
        throw away;
      },
    });
    const results = await Promise.allSettled(Array.from({ length: 64 }, (_, index) => batcher.add(String(index))));
    expect(results.every((result) => result.status === 'rejected' && result.reason === away)).toBe(true);
    expect(asked).toBe(1);
  });

  it('does not keep the next one from being sent', async () => {
    const { batcher } = recordingBatcher({ send: refuseBad, flushers: 1 });
    await expect(batcher.add('bad')).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(await batcher.add('good')).toBe('GOOD');
  });

  it.each([
    ['too few verdicts', [] as string[]],
    ['too many', ['A', 'B']],
  ])('because the store gives %s rejects instead of leaving its callers waiting', async (_, verdicts) => {
    const { batcher } = recordingBatcher({ send: async () => verdicts });
    await expect(batcher.add('a')).rejects.toMatchObject({ code: 'internal' });
  });
});
