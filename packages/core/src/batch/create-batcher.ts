import type { Clock, Timer } from '../clock/clock.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';

/** How callers are coalesced. */
export interface BatcherOptions<Item, Verdict> {
  readonly clock: Pick<Clock, 'nextTurn' | 'setTimer'>;
  /** Sends one batch; answers one verdict per item, in order. Repeating it gives the same verdicts. */
  readonly send: (items: readonly Item[]) => Promise<readonly Verdict[]>;
  /** Bytes that an item counts for. */
  readonly sizeOf: (item: Item) => number;
  /** Order inside a batch, so that two batches take the same keys in the same order. @default as they came */
  readonly compare?: (left: Item, right: Item) => number;
  /** Items in one batch. @default 64 */
  readonly maximumItems?: number;
  /** Bytes in one batch; an item that is larger goes alone. @default 1,048,576 */
  readonly maximumBytes?: number;
  /** Batches under way at once. @default 2 */
  readonly flushers?: number;
  /**
   * Items that are worth a further batch while one is under way. Fewer wait until that one is back, or has taken 25 ms: a batch costs a store
   * as much as several items, so two small ones side by side are slower than one behind the other. @default half of maximumItems
   */
  readonly worthwhile?: number;
  /** Items waiting before `add` rejects with `overloaded`. @default 4,096 */
  readonly maximumWaiting?: number;
  /** Bytes waiting before `add` rejects with `overloaded`; an item that is larger waits alone. @default 67,108,864 */
  readonly maximumWaitingBytes?: number;
}

/** Collects what callers hand in during a turn of the event loop and sends it in one go. */
export interface Batcher<Item, Verdict> {
  add(item: Item): Promise<Verdict>;
}

interface Entry<Item, Verdict> {
  readonly item: Item;
  readonly bytes: number;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (reason: unknown) => void;
}

/** Milliseconds after which a batch that is under way holds nobody up any longer: more than a commit takes on a sound disk. */
const overtakingMs = 25;

/**
 * A batcher that never lingers while the store is idle: it flushes on the next turn of the event loop. While a batch is under way, another goes
 * at once if it is worthwhile. A batch that fails is
 * bisected, so one bad item does not fail its neighbours; a lone item that fails rejects its caller. What fails for the store's sake
 * (a `PatchbayError` that is retryable) rejects all callers at once: halves would only wait for the same store again.
 */
export function createBatcher<Item, Verdict>(options: BatcherOptions<Item, Verdict>): Batcher<Item, Verdict> {
  const { clock, send, sizeOf, compare, maximumItems = 64, maximumBytes = 1_048_576, flushers = 2 } = options;
  const { worthwhile = maximumItems / 2, maximumWaiting = 4_096, maximumWaitingBytes = 67_108_864 } = options;
  let waiting: Entry<Item, Verdict>[] = [];
  let waitingBytes = 0;
  let scheduled = false;
  let flushing = 0;
  /** Set where some wait for a batch that is under way. */
  let patience: Timer | undefined;
  let isLate = false;

  const mayFlush = (): boolean =>
    waiting.length > 0 && flushing < flushers && (flushing === 0 || isLate || waiting.length >= worthwhile || waitingBytes >= maximumBytes);

  const endPatience = (): void => {
    patience?.cancel();
    patience = undefined;
    isLate = false;
  };

  const schedule = (): void => {
    if (scheduled || flushing >= flushers || waiting.length === 0) return;
    if (!mayFlush()) {
      patience ??= clock.setTimer(() => {
        isLate = true;
        schedule();
      }, overtakingMs);
      return;
    }
    scheduled = true;
    clock.nextTurn(() => {
      scheduled = false;
      while (mayFlush()) void flush(take());
      schedule();
    });
  };

  const take = (): Entry<Item, Verdict>[] => {
    let bytes = 0;
    let count = 0;
    for (const entry of waiting) {
      if (count > 0 && (bytes + entry.bytes > maximumBytes || count >= maximumItems)) break;
      bytes += entry.bytes;
      count += 1;
    }
    waitingBytes -= bytes;
    if (count === waiting.length) {
      const all = waiting;
      waiting = [];
      return all;
    }
    return waiting.splice(0, count);
  };

  const flush = async (entries: Entry<Item, Verdict>[]): Promise<void> => {
    endPatience();
    flushing += 1;
    if (compare) entries.sort((left, right) => compare(left.item, right.item));
    await sendEntries(send, entries);
    flushing -= 1;
    schedule();
  };

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        const bytes = sizeOf(item);
        const isFull = waiting.length >= maximumWaiting || (waiting.length > 0 && waitingBytes + bytes > maximumWaitingBytes);
        if (isFull) return reject(overloaded(waiting.length, waitingBytes));
        waiting.push({ item, bytes, resolve, reject });
        waitingBytes += bytes;
        schedule();
      }),
  };
}

/** Settles every entry and never rejects itself. */
async function sendEntries<Item, Verdict>(
  send: BatcherOptions<Item, Verdict>['send'],
  entries: readonly Entry<Item, Verdict>[],
): Promise<void> {
  try {
    const verdicts = await send(entries.map((entry) => entry.item));
    if (verdicts.length !== entries.length) throw miscounted();
    entries.forEach((entry, index) => {
      const verdict = verdicts[index];
      if (verdict === undefined) entry.reject(miscounted());
      else entry.resolve(verdict);
    });
  } catch (error) {
    const isStoresFault = isPatchbayError(error) && error.retryable;
    if (entries.length === 1 || isStoresFault) {
      for (const entry of entries) entry.reject(error);
      return;
    }
    const middle = entries.length >> 1;
    await sendEntries(send, entries.slice(0, middle));
    await sendEntries(send, entries.slice(middle));
  }
}

function miscounted(): PatchbayError {
  return new PatchbayError({
    code: 'internal',
    message: 'The store answered another number of items than it was asked. Report it to the adapter.',
  });
}

function overloaded(waiting: number, bytes: number): PatchbayError {
  return new PatchbayError({
    code: 'overloaded',
    message: `The store is behind: ${waiting} items of ${bytes} bytes wait. Try again in a second, or give the store more room.`,
    retryable: true,
    retryAfterMs: 1_000,
  });
}
