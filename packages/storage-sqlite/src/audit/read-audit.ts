import type { AuditFilter, ChainState, HistoryPage, ListedRecord, PageRequest, SealedRecord } from '@patchbay/core/adapter';
import { readPage } from '../history/page.ts';
import { unsealedCondition } from '../schema/audit-tables.ts';
import { number, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { auditColumns, auditRecord, listedRecord } from './audit-row.ts';
import { headOf } from './seal.ts';

const selectBase = 'select base_seq, base_hash from audit_heads where tenant = ?';
const countUnsealed = `select count(*) as count from audit_log where tenant = ? and ${unsealedCondition}`;

/** Where a tenant's chain stands. */
export function readChainState(session: Session, tenant: string): ChainState {
  const base = session.get(selectBase, tenant);
  const waiting = session.get(countUnsealed, tenant);
  return {
    head: headOf(session, tenant),
    base: base === undefined ? { seq: 0, hash: '' } : { seq: number(base, 'base_seq'), hash: text(base, 'base_hash') },
    unsealed: waiting === undefined ? 0 : number(waiting, 'count'),
  };
}

/** Which records. */
export interface AuditPageRequest {
  readonly tenant: string;
  readonly filter: AuditFilter;
  readonly page: PageRequest;
}

/** A page of records by time and id. */
export const readAuditPage = (session: Session, { tenant, filter, page }: AuditPageRequest): HistoryPage<ListedRecord> =>
  readPage(session, page, {
    table: 'audit_log',
    columns: auditColumns,
    order: ['at', 'id'],
    filter: {
      tenant,
      action: filter.action,
      actor_kind: filter.actorKind,
      actor_id: filter.actorId,
      object_type: filter.objectType,
      object_id: filter.objectId,
      connection: filter.connection,
    },
    conditions: [
      ...(filter.from === undefined ? [] : [{ sql: 'at >= ?', values: [filter.from] }]),
      ...(filter.before === undefined ? [] : [{ sql: 'at < ?', values: [filter.before] }]),
    ],
    item: listedRecord,
  });

const selectChain = `select ${auditColumns} from audit_log where tenant = ? and seq is not null and seq > ? order by seq limit ?`;

/** Sealed records behind a number, in order. */
export const readChain = (
  session: Session,
  { tenant, after, limit }: { readonly tenant: string; readonly after: number; readonly limit: number },
): readonly SealedRecord[] =>
  session.all(selectChain, tenant, after, limit).map((row) => ({ ...auditRecord(row), seq: number(row, 'seq'), hash: text(row, 'hash') }));
