import type { EventRecord, HistoryPage, HistoryStore, PageRequest } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database.ts';
import { eventRecord, eventRecordColumns } from '../ledger/event-record.ts';
import { text } from '../row.ts';
import { isUuid } from './is-uuid.ts';
import { pageOf, parseCursor, rowsFor } from './page.ts';

const one: Statement = {
  name: 'event',
  text: (schema) => `select ${eventRecordColumns(schema, 'e')} from ${schema}.events e where e.tenant = $1 and e.id = $2::uuid`,
};

const many: Statement = {
  name: 'events',
  text: (schema) => `
select ${eventRecordColumns(schema, 'e')} from ${schema}.events e
where e.tenant = $1 and ($2::text is null or e.type = $2) and ($3::uuid is null or e.id < $3)
order by e.id desc limit $4::int`,
};

async function events(
  database: Database,
  tenant: string,
  filter: { readonly type?: string },
  page: PageRequest,
): Promise<HistoryPage<EventRecord>> {
  const [before = null] = parseCursor(page.cursor, 1);
  const rows = await database.query(many, [tenant, filter.type ?? null, before, rowsFor(page)]);
  return pageOf(rows, page, { item: eventRecord, placeOf: (row) => [text(row, 'id')] });
}

/** Reads of events. */
export const eventHistory = (database: Database): Pick<HistoryStore<ClientBase>, 'event' | 'events'> => ({
  async event(tenant, id, { transaction } = {}) {
    const [row] = isUuid(id) ? await database.query(one, [tenant, id], transaction) : [];
    return row === undefined ? null : eventRecord(row);
  },
  events: (tenant, filter, page) => events(database, tenant, filter, page),
});
