import type { ChainPoint, SealItem, SealVerdict, UnsealedRecords } from '@patchbay/core/adapter';
import { unsealedCondition } from '../schema/audit-tables.ts';
import { number, optionalNumber, optionalText, type Row, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { auditColumns, auditRecord } from './audit-row.ts';

const selectUnsealed = `select ${auditColumns} from audit_log where ${unsealedCondition} order by tenant, at, id limit ?`;

/** Records without a place, by tenant. */
export function readUnsealed(session: Session, { limit }: { readonly limit: number }): readonly UnsealedRecords[] {
  const records = session.all(selectUnsealed, limit).map(auditRecord);
  const tenants = [...new Set(records.map(({ tenant }) => tenant))];
  return tenants.map((tenant) => {
    return { tenant, head: headOf(session, tenant), records: records.filter((record) => record.tenant === tenant) };
  });
}

const selectHead = 'select seq, hash from audit_heads where tenant = ?';

const pointOf = (row: Row): ChainPoint => ({ seq: number(row, 'seq'), hash: text(row, 'hash') });

/** The last sealed record of a tenant. */
export function headOf(session: Session, tenant: string): ChainPoint {
  const row = session.get(selectHead, tenant);
  return row === undefined ? { seq: 0, hash: '' } : pointOf(row);
}

const selectPlace = 'select seq, hash from audit_log where tenant = ? and id = ?';
const setPlace = `update audit_log set seq = ?, hash = ? where tenant = ? and id = ? and ${unsealedCondition}`;
const setHead = `
  insert into audit_heads (tenant, seq, hash) values (?, ?, ?)
  on conflict (tenant) do update set seq = excluded.seq, hash = excluded.hash`;

/** What stands where the item says something is to be written. */
function placesOf(session: Session, { tenant, behind, records }: SealItem): 'free' | 'taken' | 'as asked' {
  const found = records.map(({ id }) => session.get(selectPlace, tenant, id));
  const isAsAsked = records.every(({ hash }, index) => {
    const row = found[index];
    return row !== undefined && optionalNumber(row, 'seq') === behind.seq + 1 + index && optionalText(row, 'hash') === hash;
  });
  if (isAsAsked) return 'as asked';
  const areFree = found.every((row) => row !== undefined && optionalNumber(row, 'seq') === null);
  return areFree && new Set(records.map(({ id }) => id)).size === records.length ? 'free' : 'taken';
}

function sealItem(session: Session, item: SealItem): SealVerdict {
  const { tenant, behind, records } = item;
  const places = placesOf(session, item);
  if (places === 'as asked') return { status: 'sealed' };
  const head = headOf(session, tenant);
  if (places === 'taken' || head.seq !== behind.seq || head.hash !== behind.hash) return { status: 'moved' };
  for (const [index, { id, hash }] of records.entries()) session.run(setPlace, behind.seq + 1 + index, hash, tenant, id);
  session.run(setHead, tenant, behind.seq + records.length, records.at(-1)?.hash ?? behind.hash);
  return { status: 'sealed' };
}

/** Gives records their places in the chains, each item whole or not at all. */
export const sealAudit = (session: Session, items: readonly SealItem[]): readonly SealVerdict[] =>
  items.map((item) => sealItem(session, item));
