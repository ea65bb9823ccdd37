import { afterEach, describe, expect, it } from 'vitest';
import type { DeskTenant } from '../desk/desk-stage.ts';
import { type FailingMoment, failingStorage } from '../support/failing-storage.ts';
import { type OrderBook, orderBook } from './order-book.ts';

const books: OrderBook[] = [];
afterEach(async () => {
  await Promise.all(books.splice(0).map(({ stage }) => stage.close()));
});

/** What is called again and again until it is done. */
type Work = (tenant: DeskTenant) => Promise<unknown>;

async function open(subscribers?: readonly string[]): Promise<OrderBook> {
  const book = await orderBook(subscribers);
  books.push(book);
  return book;
}

/** How often each subscriber was called with each order. */
function callsByTarget(book: OrderBook): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { number, subscriber } of book.calls) counts.set(`${number} ${subscriber}`, (counts.get(`${number} ${subscriber}`) ?? 0) + 1);
  return counts;
}

interface Trial {
  readonly book: OrderBook;
  /** Storage calls that an undisturbed process makes. */
  readonly calls: number;
  /** Did the failure reach the caller? */
  readonly isInterrupted: boolean;
}

/** One process does the work, and one of its storage calls fails; what it has started fails once more; another process does the work again. */
async function interrupt(book: OrderBook, work: Work, { number, moment }: { number: number; moment: FailingMoment }): Promise<Trial> {
  const failing = failingStorage(book.stage.storage);
  const { hub } = book.process({ storage: failing.storage });
  await hub.ready();
  failing.fail(number, moment);
  const isInterrupted = await work(hub.tenant('acme')).then(
    () => false,
    () => true,
  );
  const calls = failing.calls();
  failing.fail(0, 'before');
  await book.stage.clock.advance(1_000);
  await book.office.settled();
  await work(book.process().hub.tenant('acme'));
  await book.stage.clock.advance(1_000);
  await book.office.settled();
  return { book, calls, isInterrupted };
}

/** Every storage call of the work fails once, before and behind; answers how many of the trials were interrupted. */
async function everywhere(prepare: () => Promise<OrderBook>, work: Work, check: (book: OrderBook) => Promise<void>): Promise<number> {
  const { calls } = await interrupt(await prepare(), work, { number: 0, moment: 'before' });
  let interrupted = 0;
  for (const moment of ['before', 'behind'] as const)
    for (let number = 1; number <= calls; number += 1) {
      const trial = await interrupt(await prepare(), work, { number, moment });
      await check(trial.book);
      interrupted += trial.isInterrupted ? 1 : 0;
      await Promise.all(books.splice(0).map(({ stage }) => stage.close()));
    }
  return interrupted;
}

/** In calls of two, so that it goes over pages; from the start again where it was interrupted. */
const replayAll: Work = async (tenant) => {
  let cursor: string | null = null;
  do {
    const result: { readonly cursor: string | null } = await tenant.events.replayMany({ idempotencyKey: 'incident', limit: 2, cursor });
    cursor = result.cursor;
  } while (cursor !== null);
};

const retryAll: Work = async (tenant) => {
  let cursor: string | null = null;
  do {
    const result: { readonly cursor: string | null } = await tenant.dispatches.retryMany({ idempotencyKey: 'incident', limit: 2, cursor });
    cursor = result.cursor;
  } while (cursor !== null);
};

describe('work over many things that fails at any of its storage calls and is started again in another process', () => {
  it('replays each event once, also where what it has started has failed again meanwhile', { timeout: 60_000 }, async () => {
    const prepare = async () => {
      const book = await open(['index', 'mirror']);
      await book.place(5);
      return book;
    };
    const interrupted = await everywhere(prepare, replayAll, async (book) => {
      expect([...callsByTarget(book).values()]).toEqual(Array.from({ length: 10 }, () => 2));
      const { items } = await book.acme.dispatches.list({ limit: 500 });
      expect(items.map(({ replay }) => replay).toSorted((left, right) => left - right)).toEqual([
        ...Array(10).fill(0),
        ...Array(10).fill(1),
      ]);
    });
    expect(interrupted).toBeGreaterThan(60);
  });

  it('replays each of the many targets of one event once', { timeout: 60_000 }, async () => {
    const subscribers = Array.from({ length: 130 }, (_, index) => `subscriber-${index}`);
    const prepare = async () => {
      const book = await open(subscribers);
      const [eventId = ''] = await book.place(1);
      expect((await book.acme.dispatches.list({ eventId, limit: 500 })).items).toHaveLength(130);
      return book;
    };
    const interrupted = await everywhere(prepare, replayAll, async (book) => {
      const counts = [...callsByTarget(book).values()];
      expect([counts.length, new Set(counts)]).toEqual([130, new Set([2])]);
    });
    expect(interrupted).toBeGreaterThan(10);
  });

  it('tries each dispatch again once, also where it has died anew meanwhile', { timeout: 60_000 }, async () => {
    const prepare = async () => {
      const book = await open();
      await book.place(5);
      return book;
    };
    const interrupted = await everywhere(prepare, retryAll, async (book) => {
      const { items } = await book.acme.dispatches.list({ limit: 500 });
      expect(items.map(({ round, status }) => [round, status])).toEqual(Array.from({ length: 5 }, () => [2, 'dead']));
    });
    expect(interrupted).toBeGreaterThan(15);
  });
});

describe('a replay of many in two processes at once', () => {
  it('replays each event once', async () => {
    const book = await open(['index', 'mirror']);
    await book.place(40);
    await Promise.all([replayAll(book.acme), replayAll(book.process().hub.tenant('acme')), replayAll(book.process().hub.tenant('acme'))]);
    await book.office.settled();
    expect(new Set(callsByTarget(book).values())).toEqual(new Set([2]));
    expect(book.calls).toHaveLength(160);
  });

  it('does not reach what was stored after the first call, however often it is called', async () => {
    const book = await open();
    await book.place(2);
    const request = { idempotencyKey: 'incident', all: true } as const;
    expect(await book.acme.events.replayMany({ ...request, limit: 1 })).toMatchObject({ replayed: 1 });
    await book.stage.clock.advance(1_000);
    await book.place(2);
    const branch = book.process().hub.tenant('acme');
    expect(await branch.events.replayMany(request)).toMatchObject({ events: 2, replayed: 1, repeated: 1, cursor: null });
    expect(await branch.events.replayMany({ ...request, to: book.stage.clock.now() + 1, idempotencyKey: 'b' })).toMatchObject({
      events: 4,
    });
  });
});

describe('a replay of one event with more targets than one step stores', () => {
  it('is one replay, in several steps, and a repeated call answers all of it', async () => {
    const book = await open(Array.from({ length: 150 }, (_, index) => `subscriber-${index}`));
    const [eventId = ''] = await book.place(1);
    const items: number[] = [];
    const { storage } = book.stage;
    const counting: typeof storage = {
      ...storage,
      ingest: (given) => {
        items.push(...given.map(({ plan }) => plan?.dispatches.length ?? 0));
        return storage.ingest(given);
      },
    };
    const desk = book.process({ storage: counting }).hub.tenant('acme');
    const first = await desk.events.replay(eventId, { idempotencyKey: 'k' });
    expect(items).toEqual([64, 64, 22]);
    expect(new Set(first.dispatchIds).size).toBe(150);
    await book.office.settled();
    expect(await desk.events.replay(eventId, { idempotencyKey: 'k' })).toEqual(first);
    const second = await desk.events.replay(eventId, { all: true });
    expect(new Set(second.dispatchIds).size).toBe(150);
    expect(items).toEqual([64, 64, 22, 64, 64, 22]);
    await book.office.settled();
    expect(book.calls).toHaveLength(450);
  });
});
