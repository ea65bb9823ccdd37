import { createHub, type Hub, type Json, localKeys } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { defineRecords, type RecordAdapter, type WithRecords } from '@patchbay/core/host';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, fakeClock, type MemoryRecords, memoryRecords } from '@patchbay/testing';
import { z } from 'zod';
import { type Desk, makeDesk } from '../desk/desk-connectors.ts';
import { bookTypes } from './book-types.ts';

const events = { 'order.placed': z.object({ number: z.string() }) };

/** A hub that knows the books. */
export type BookHub = Hub<Desk['connectors'][number], WithRecords<typeof events, typeof bookTypes>>;

/** A tenant of it. */
export type BookTenant = ReturnType<BookHub['tenant']>;

/** A host that keeps books, with a hub over memory and a clock that stands still. */
export interface BookStage {
  readonly hub: BookHub;
  readonly acme: BookTenant;
  readonly desk: Desk;
  readonly books: MemoryRecords<typeof bookTypes>;
  readonly storage: Storage<never>;
  readonly clock: FakeClock;
  /** Does everything that is due within an hour of the clock. */
  settled(): Promise<void>;
  /** Data of the events of a type so far, in order. */
  eventsOf(type: string): Promise<readonly Json[]>;
  /** What chat was asked to say, in order. */
  said(): readonly string[];
  close(): Promise<void>;
}

/** What a stage may have of its own. */
export interface BookStageOptions {
  /** @default in memory */
  readonly storage?: (clock: FakeClock) => Storage<never>;
  readonly books?: MemoryRecords<typeof bookTypes>;
  /** Puts something between the hub and the books. */
  readonly adapter?: (adapter: RecordAdapter<typeof bookTypes>) => RecordAdapter<typeof bookTypes>;
}

/** Makes a stage. */
export async function bookStage(options: BookStageOptions = {}): Promise<BookStage> {
  const clock = fakeClock();
  const storage = options.storage?.(clock) ?? memoryStorage({ clock });
  const desk = makeDesk();
  const books = options.books ?? memoryRecords({ types: bookTypes });
  const inView: NonNullable<RecordAdapter['inView']> = ({ data }) => Number(data['total']) >= 1_000;
  const adapter = defineRecords({ ...books.adapter, inView });
  const hub = createHub({
    connectors: desk.connectors,
    storage,
    events,
    records: options.adapter?.(adapter) ?? adapter,
    publicUrl: 'https://host.example.com/hub',
    random: () => 0.5,
    retry: { quickRetries: 0, maximumAttempts: 3 },
    health: { checkEveryMs: null },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    clock,
    keys: localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') } }),
  });
  const acme = hub.tenant('acme');
  await acme.connections.put('team', { connector: 'chat', credential: { type: 'bearer', token: 'chat-token' } });
  return {
    hub,
    acme,
    desk,
    books,
    storage,
    clock,
    async settled() {
      const end = clock.now() + 3_600_000;
      for (let turn = 0; turn < 500; turn += 1) {
        const { nextDueMs } = await hub.work({ deadline: 3_600_001 });
        if (nextDueMs === null || clock.now() + nextDueMs > end) return;
        await clock.advance(Math.max(1, nextDueMs));
      }
      throw new Error('The hub is not settled after 500 turns.');
    },
    async eventsOf(type) {
      const { items } = await acme.events.list({ type });
      return items.map(({ event }) => event.data).reverse();
    },
    said: () => desk.callsOf('say').map(({ input }) => (input as { text: string }).text),
    async close() {
      await hub.stop();
      await storage.close();
    },
  };
}

/** A step that says something. */
export const say = (text: string) => ({ id: 'tell', action: 'chat.say', connection: 'team', input: { text } }) as const;

/** An invoice. */
export const draft = { number: 'R-1', total: 50, status: 'draft' } as const;
