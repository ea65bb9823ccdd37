import type { AuditEntry, AuditRecord, ListedRecord } from '@patchbay/core/adapter';
import { number, optionalNumber, optionalText, type Row, text, word } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

const kinds = ['host', 'user', 'operator', 'system'] as const;
const outcomes = ['succeeded', 'refused', 'failed'] as const;

/** Select list of a record. */
export const auditColumns =
  'tenant, id, at, actor_kind, actor_id, action, object_type, object_id, connection, outcome, details, correlation, seq, hash';

/** Reads a record without its place. */
export const auditRecord = (row: Row): AuditRecord => ({
  tenant: text(row, 'tenant'),
  id: text(row, 'id'),
  at: number(row, 'at'),
  actor: { kind: word(row, 'actor_kind', kinds), id: text(row, 'actor_id') },
  action: text(row, 'action'),
  object: { type: text(row, 'object_type'), id: text(row, 'object_id') },
  connection: optionalText(row, 'connection'),
  outcome: word(row, 'outcome', outcomes),
  details: text(row, 'details'),
  correlation: optionalText(row, 'correlation'),
});

/** Reads a record with its place. */
export const listedRecord = (row: Row): ListedRecord => ({
  ...auditRecord(row),
  seq: optionalNumber(row, 'seq'),
  hash: optionalText(row, 'hash'),
});

const insert = `
  insert into audit_log (tenant, id, at, actor_kind, actor_id, action, object_type, object_id, connection, outcome, details, correlation)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (tenant, id) do nothing`;

/** What to record for which tenant. */
export interface AppendRequest {
  readonly tenant: string;
  readonly entries: readonly AuditEntry[];
}

/** Records acts; one that is there stays as it is. */
export function appendAudit(session: Session, { tenant, entries }: AppendRequest, now: number): void {
  for (const { id, actor, action, object, connection, outcome, details, correlation } of entries) {
    const who = [actor.kind, actor.id, action, object.type, object.id] as const;
    session.run(insert, tenant, id, now, ...who, connection, outcome, details, correlation);
  }
}
