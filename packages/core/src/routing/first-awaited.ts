import type { EventRecord } from '../contracts/dispatch-records.ts';
import type { HistoryStore } from '../contracts/history-store.ts';
import { firstIdAt } from '../id/id-time.ts';
import type { TakesEvent } from './awaited-event.ts';

/** Where a wait looks for its event. Times are milliseconds since 1970 on the store's clock. */
export interface AwaitedAmong {
  readonly tenant: string;
  readonly type: string;
  readonly takes: TakesEvent;
  /** Stored then or later. */
  readonly since: number;
  /** Stored before then. */
  readonly before: number;
}

/** Milliseconds by which the clock that made an event's id may be behind the store's. */
const clocksApartMs = 600_000;

/** Events in a page, and pages in one look in either direction. */
const page = { size: 200, most: 25 } as const;

/** The first event that a wait takes, by the time at which it was stored: the same one, whoever looks and when. Of more events than a look goes through, the oldest and the newest are looked at. */
export async function firstAwaited(history: Pick<HistoryStore, 'events'>, among: AwaitedAmong): Promise<EventRecord | null> {
  const oldest = await look(history, among, 'oldest');
  return oldest.found === null && oldest.isCut ? (await look(history, among, 'newest')).found : oldest.found;
}

async function look(
  history: Pick<HistoryStore, 'events'>,
  { tenant, type, takes, since, before }: AwaitedAmong,
  order: 'oldest' | 'newest',
): Promise<{ readonly found: EventRecord | null; readonly isCut: boolean }> {
  const filter = { type, storedFrom: since, storedBefore: before, from: firstIdAt(since - clocksApartMs) };
  let cursor: string | null = null;
  let found: EventRecord | null = null;
  for (let pages = 0; pages < page.most; pages += 1) {
    const { items, cursor: next }: Awaited<ReturnType<HistoryStore['events']>> = await history.events(tenant, filter, {
      ...{ cursor, limit: page.size, order },
    });
    // Ids go by the clocks of processes, so that those of a page are compared by when they were stored.
    for (const event of items) if (isBefore(event, found) && takes(event)) found = event;
    if (next === null) return { found, isCut: false };
    if (found !== null && order === 'oldest') return { found, isCut: false };
    cursor = next;
  }
  return { found, isCut: true };
}

function isBefore({ storedAt, id }: EventRecord, other: EventRecord | null): boolean {
  return other === null || storedAt < other.storedAt || (storedAt === other.storedAt && id < other.id);
}
