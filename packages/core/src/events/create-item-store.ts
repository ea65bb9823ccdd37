import { createBatcher } from '../batch/create-batcher.ts';
import type { Clock } from '../clock/clock.ts';
import { sleep } from '../clock/sleep.ts';
import type { IngestItem, IngestVerdict } from '../contracts/hot-store.ts';
import type { Storage } from '../contracts/storage.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** What the store says of an item that nobody holds up. */
export type StoredVerdict = Exclude<IngestVerdict, { readonly status: 'busy' }>;

/** Stores items in batches. */
export interface ItemStore {
  add(item: IngestItem): Promise<IngestVerdict>;
  /** Tries an item again that was `busy`, for about two seconds. Rejects with `overloaded` where it stays so. */
  addPatiently(item: IngestItem): Promise<StoredVerdict>;
}

/** What an item store needs. */
export interface ItemStoreOptions {
  readonly storage: Pick<Storage<unknown>, 'ingest'>;
  readonly clock: Pick<Clock, 'nextTurn' | 'setTimer'>;
}

/** Milliseconds before each further try of what was busy. The store waits some itself. */
const pausesMs = [50, 100, 200, 400, 800];

/**
 * Callers of one turn of the event loop go in together. A batch that meets a key which a transaction holds that stays open waits a while for it; so
 * what was busy, and who comes with the same key meanwhile, goes in batches of its own, and the others do not wait again and again.
 */
export function createItemStore({ storage, clock }: ItemStoreOptions): ItemStore {
  const options = {
    clock,
    send: (items: readonly IngestItem[]) => storage.ingest(items),
    sizeOf: sizeOfItem,
    compare: (left: IngestItem, right: IngestItem) => compareText(keyOf(left), keyOf(right)),
  };
  const swift = createBatcher<IngestItem, IngestVerdict>(options);
  const patient = createBatcher<IngestItem, IngestVerdict>({ ...options, flushers: 1 });
  const waiting = new Map<string, number>();
  const count = (key: string, by: 1 | -1): void => {
    const callers = (waiting.get(key) ?? 0) + by;
    if (callers > 0) waiting.set(key, callers);
    else waiting.delete(key);
  };
  return {
    add: (item) => (waiting.has(keyOf(item)) ? patient : swift).add(item),
    async addPatiently(item) {
      const key = keyOf(item);
      count(key, 1);
      try {
        for (const pauseMs of pausesMs) {
          await sleep(clock, pauseMs);
          const verdict = await patient.add(item);
          if (verdict.status !== 'busy') return verdict;
        }
      } finally {
        count(key, -1);
      }
      throw heldUp();
    },
  };
}

function heldUp(): PatchbayError {
  return new PatchbayError({
    code: 'overloaded',
    message: 'A transaction that is still open holds the same dedupe key, or the configuration. Try again when it has ended.',
    retryable: true,
    retryAfterMs: 1_000,
  });
}

function keyOf(item: IngestItem): string {
  return `${item.tenant}\u0000${item.dedupe?.key ?? item.root}`;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function sizeOfItem(item: IngestItem): number {
  const dispatches = item.plan?.dispatches ?? [];
  const inputs = dispatches.reduce((total, dispatch) => total + 200 + (dispatch.input?.length ?? 0), 0);
  return 200 + (item.event ? item.event.data.bytes.length + (item.event.original?.bytes.length ?? 0) : 0) + inputs;
}
