import type { EventFilter, EventRecord, HistoryPage, HistoryStore, PageRequest } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { tenants } from '../database/scope.ts';
import { eventRecord, eventRecordColumns } from '../ledger/event-record.ts';
import { text } from '../row.ts';
import { isUuid } from './is-uuid.ts';
import { pageOf, parseCursor, rowsFor } from './page.ts';

const one: Statement = {
  name: 'event',
  text: (schema) => `select ${eventRecordColumns(schema, 'e')} from ${schema}.events e where e.tenant = $1 and e.id = $2::uuid`,
};

/**
 * A page. Both bounds of the ids are always given, so that every plan goes by the key and leaves out the partitions beyond them. The order
 * is a word of this package's own.
 */
const many = (order: 'asc' | 'desc'): Statement => ({
  name: `events_${order}`,
  text: (schema) => `
select ${eventRecordColumns(schema, 'e')} from ${schema}.events e
where e.tenant = $1 and e.id >= $2::uuid and e.id < $3::uuid and ($4::text is null or e.type = $4)
  and ($5::text is null or starts_with(e.type, $5)) and ($6::float8 is null or e.stored_at >= ${schema}.moment($6))
  and ($7::float8 is null or e.stored_at < ${schema}.moment($7)) and ($8::uuid is null or e.id <> $8)
order by e.id ${order} limit $9::int`,
});

const newestFirst = many('desc');
const oldestFirst = many('asc');

const marked: Statement = {
  name: 'unrouted',
  text: (schema) => `select m.root from ${schema}.event_marks m where m.tenant = $1 and m.root = any($2::uuid[])`,
};

const firstId = '00000000-0000-0000-0000-000000000000';
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const later = (one: string, other: string): string => (one > other ? one : other);
const earlier = (one: string, other: string): string => (one < other ? one : other);

async function events(database: OpenDatabase, tenant: string, filter: EventFilter, page: PageRequest): Promise<HistoryPage<EventRecord>> {
  const { type = null, typePrefix = null, from = firstId, below = lastId, storedFrom = null, storedBefore = null } = filter;
  if (!isUuid(from) || !isUuid(below)) return { items: [], cursor: null };
  const [place = null] = parseCursor(page.cursor, 1);
  const isOldestFirst = page.order === 'oldest';
  const first = place !== null && isOldestFirst ? later(from, place) : from;
  const end = place !== null && !isOldestFirst ? earlier(below, place) : below;
  const values = [tenant, first, end, type, typePrefix, storedFrom, storedBefore, place, rowsFor(page)];
  const rows = await database.within(tenants(tenant)).query(isOldestFirst ? oldestFirst : newestFirst, values);
  return pageOf(rows, page, { item: eventRecord, placeOf: (row) => [text(row, 'id')] });
}

/** Reads of events. */
export const eventHistory = (database: OpenDatabase): Pick<HistoryStore<ClientBase>, 'event' | 'events' | 'unrouted'> => ({
  async event(tenant, id, { transaction } = {}) {
    const [row] = isUuid(id) ? await database.within(tenants(tenant)).query(one, [tenant, id], transaction) : [];
    return row === undefined ? null : eventRecord(row);
  },
  events: (tenant, filter, page) => events(database, tenant, filter, page),
  async unrouted(tenant, roots) {
    const asked = roots.filter(isUuid);
    const rows = asked.length === 0 ? [] : await database.within(tenants(tenant)).query(marked, [tenant, asked]);
    return rows.map((row) => text(row, 'root'));
  },
});
