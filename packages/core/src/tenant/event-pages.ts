import type { EventRecord } from '../contracts/dispatch-records.ts';
import type { EventFilter } from '../contracts/history-store.ts';
import { matchesPattern } from '../event/matches-pattern.ts';
import { isUuid } from '../id/is-uuid.ts';
import { eventsWithin, type TimeWindow } from './check-window.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which events. */
export interface EventQuery {
  /** These, in order; or those that the rest says. */
  readonly ids: readonly string[] | undefined;
  readonly pattern: string | undefined;
  readonly connection: string | undefined;
  readonly window: TimeWindow;
}

/** A page of events, oldest first. */
export interface EventPage {
  readonly records: readonly EventRecord[];
  /** Ids that are no event's of this tenant. */
  readonly missing: readonly string[];
  /** Events that were read for it. */
  readonly read: number;
  /** `null` at the end. */
  readonly cursor: string | null;
}

/** Where a page begins, and how many events it may have. */
export interface PagePlace {
  readonly cursor: string | null;
  readonly limit: number;
}

/** Reads a page of the events. */
export function readEvents(scope: TenantScope, query: EventQuery, place: PagePlace): Promise<EventPage> {
  return query.ids === undefined ? found(scope, query, place) : named(scope, query.ids, place);
}

/** Events have no index by type or connection, so what a pattern and a connection leave out is read as far as the type's beginning fits. */
async function found({ tenant, storage }: TenantScope, query: EventQuery, { cursor, limit }: PagePlace): Promise<EventPage> {
  const { pattern, connection, window } = query;
  const filter = { ...typeFilter(pattern), ...eventsWithin(window) };
  const page = await storage.history.events(tenant, filter, { cursor, limit, order: 'oldest' });
  const records = page.items.filter(
    (event) =>
      (pattern === undefined || matchesPattern(pattern, event.type)) && (connection === undefined || event.connection === connection),
  );
  return { records, missing: [], read: page.items.length, cursor: page.cursor };
}

/** A type, or what comes before the first `*` of a pattern. */
function typeFilter(pattern: string | undefined): EventFilter {
  const star = pattern?.indexOf('*') ?? 0;
  if (pattern === undefined || star === 0) return {};
  return star === -1 ? { type: pattern } : { typePrefix: pattern.slice(0, star) };
}

/** The ids are in order, and the cursor is the last one that was read. */
async function named({ tenant, storage }: TenantScope, ids: readonly string[], { cursor, limit }: PagePlace): Promise<EventPage> {
  const rest = ids.filter((id) => cursor === null || id > cursor);
  const asked = rest.slice(0, limit);
  const events = await Promise.all(asked.map((id) => (isUuid(id) ? storage.history.event(tenant, id) : null)));
  const records = events.filter((event) => event !== null);
  return {
    records,
    missing: asked.filter((_, index) => events[index] === null),
    read: asked.length,
    cursor: rest.length > asked.length ? (asked.at(-1) ?? null) : null,
  };
}
