import type { AuditEntry, AuditRecord, ListedRecord } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { number, optionalNumber, optionalText, type Row, text } from '../row.ts';

const kinds = ['host', 'user', 'operator', 'system'] as const;
const outcomes = ['succeeded', 'refused', 'failed'] as const;

/** A word of a column, out of those that this version of the package knows. */
function word<Word extends string>(row: Row, column: string, words: readonly Word[]): Word {
  const found = words.find((one) => one === row[column]);
  if (found === undefined) throw new TypeError(`The column ${column} holds a word that this version of the package does not know.`);
  return found;
}

/** Select list of a record. */
export const auditColumns = (schema: string): string =>
  `a.tenant, a.id, ${schema}.millis(a.at) as at, a.actor_kind, a.actor_id, a.action, a.object_type, a.object_id, a.connection, a.outcome,
   a.details, a.correlation, a.seq, a.hash`;

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

const insert: Statement = {
  name: 'append_audit',
  text: (schema) => `
insert into ${schema}.audit_log
  (tenant, id, at, actor_kind, actor_id, action, object_type, object_id, connection, outcome, details, correlation)
select $1, e.id, (select ${schema}.clock()), e.actor_kind, e.actor_id, e.action, e.object_type, e.object_id, e.connection, e.outcome,
  e.details::json, e.correlation
from json_to_recordset($2::json) e (id uuid, actor_kind text, actor_id text, action text, object_type text, object_id text,
  connection text, outcome text, details text, correlation text)
on conflict (tenant, id) do nothing`,
};

const given = ({ id, actor, action, object, connection, outcome, details, correlation }: AuditEntry): unknown => ({
  ...{ id, actor_kind: actor.kind, actor_id: actor.id, action, object_type: object.type, object_id: object.id },
  ...{ connection, outcome, details, correlation },
});

/** Records acts; one that is there stays as it is. */
export async function appendAudit(
  database: Database,
  { tenant, entries }: { readonly tenant: string; readonly entries: readonly AuditEntry[] },
  client?: ClientBase,
): Promise<void> {
  if (entries.length > 0) await database.query(insert, [tenant, JSON.stringify(entries.map(given))], client);
}
