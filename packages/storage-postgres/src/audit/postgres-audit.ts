import type { AuditFilter, AuditStore, ChainState, HistoryPage, ListedRecord, PageRequest } from '@patchbay/core/adapter';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { tenants } from '../database/scope.ts';
import { pageOf, parseCursor, rowsFor } from '../history/page.ts';
import { number, text } from '../row.ts';
import { unsealedCondition } from '../schema/audit-chain.ts';
import { appendAudit, auditColumns, auditRecord, listedRecord } from './audit-record.ts';
import { pruneAudit, readExpired } from './prune.ts';
import { readUnsealed, sealAudit } from './seal.ts';

const selectState: Statement = {
  name: 'audit_state',
  text: (schema) => `
select coalesce(max(h.seq), 0) as seq, coalesce(max(h.hash), '') as hash, coalesce(max(h.base_seq), 0) as base_seq,
  coalesce(max(h.base_hash), '') as base_hash,
  (select count(*) from ${schema}.audit_log a where a.tenant = $1 and a.${unsealedCondition}) as unsealed
from ${schema}.audit_heads h where h.tenant = $1`,
};

async function chainState(database: OpenDatabase, tenant: string): Promise<ChainState> {
  const [row] = await database.within(tenants(tenant)).query(selectState, [tenant]);
  if (row === undefined) return { head: { seq: 0, hash: '' }, base: { seq: 0, hash: '' }, unsealed: 0 };
  return {
    head: { seq: number(row, 'seq'), hash: text(row, 'hash') },
    base: { seq: number(row, 'base_seq'), hash: text(row, 'base_hash') },
    unsealed: number(row, 'unsealed'),
  };
}

/** The order is a word of this package's own. */
const selectPage = (order: 'asc' | 'desc'): Statement => ({
  name: `audit_${order}`,
  text: (schema) => `
select ${auditColumns(schema)} from ${schema}.audit_log a
where a.tenant = $1 and ($2::text is null or a.action = $2) and ($3::text is null or a.actor_kind = $3)
  and ($4::text is null or a.actor_id = $4) and ($5::text is null or a.object_type = $5) and ($6::text is null or a.object_id = $6)
  and ($7::text is null or a.connection = $7) and ($8::float8 is null or a.at >= ${schema}.moment($8))
  and ($9::float8 is null or a.at < ${schema}.moment($9))
  and ($10::float8 is null or (a.at, a.id) ${order === 'asc' ? '>' : '<'} (${schema}.moment($10), $11::uuid))
order by a.at ${order}, a.id ${order} limit $12::int`,
});

const newestFirst = selectPage('desc');
const oldestFirst = selectPage('asc');

async function auditPage(
  database: OpenDatabase,
  tenant: string,
  { filter, page }: { readonly filter: AuditFilter; readonly page: PageRequest },
): Promise<HistoryPage<ListedRecord>> {
  const { action = null, actorKind = null, actorId = null, objectType = null, objectId = null, connection = null } = filter;
  const { from = null, before = null } = filter;
  const narrowed = [action, actorKind, actorId, objectType, objectId, connection, from, before];
  const place = parseCursor(page.cursor, 2);
  const statement = page.order === 'oldest' ? oldestFirst : newestFirst;
  const rows = await database.within(tenants(tenant)).query(statement, [tenant, ...narrowed, ...place, rowsFor(page)]);
  return pageOf(rows, page, { item: listedRecord, placeOf: (row) => [text(row, 'at'), text(row, 'id')] });
}

const selectChain: Statement = {
  name: 'audit_chain',
  text: (schema) =>
    `select ${auditColumns(schema)} from ${schema}.audit_log a where a.tenant = $1 and a.seq > $2::bigint order by a.seq limit $3::int`,
};

/** Who did what, in its tables. */
export function postgresAudit(database: OpenDatabase): AuditStore {
  return {
    append: (tenant, entries) => appendAudit(database.within(tenants(tenant)), { tenant, entries }),
    unsealed: ({ limit }) => readUnsealed(database, limit),
    seal: (items) => sealAudit(database, items),
    state: (tenant) => chainState(database, tenant),
    page: (tenant, filter, page) => auditPage(database, tenant, { filter, page }),
    async chain(tenant, { after, limit }) {
      const rows = await database.within(tenants(tenant)).query(selectChain, [tenant, after, limit]);
      return rows.map((row) => ({ ...auditRecord(row), seq: number(row, 'seq'), hash: text(row, 'hash') }));
    },
    expired: (request) => readExpired(database, request),
    prune: (tenant, request) => pruneAudit(database, tenant, request),
  };
}
