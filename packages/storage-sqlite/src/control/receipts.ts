import type {
  FullReceipt,
  HistoryPage,
  KeepRequest,
  KeepVerdict,
  KeptReceipt,
  PageRequest,
  ReceiptCount,
  ReceiptFilter,
} from '@patchbay/core/adapter';
import { readPage } from '../history/page.ts';
import { decodePayload, encodePayload } from '../ledger/payload.ts';
import { insertInto } from '../sql/insert.ts';
import { bytes, number, optionalText, type Row, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

const headColumns = [
  'tenant',
  'id',
  'connector',
  'registration',
  'connection',
  'delivery_id',
  'guard',
  'code',
  'message',
  'size',
  'received_at',
  'expires_at',
] as const;

const insert = insertInto('kept_receipts', [...headColumns, 'headers', 'body']);
const forget = 'delete from kept_receipts where tenant = ? and expires_at <= ?';
const known = 'select id from kept_receipts where tenant = ? and guard = ?';

/** Keeps a receipt where the tenant has room. */
export function keepReceipt(session: Session, receipt: KeepRequest, now: number): KeepVerdict {
  const { tenant, id, connector, registration, connection, deliveryId, guard, error, headers, receivedAt, forMs, body, most } = receipt;
  session.run(forget, tenant, now);
  const before = session.get(known, tenant, guard);
  if (before !== undefined) return { status: 'kept', id: text(before, 'id') };
  const had = countReceipts(session, tenant, now);
  const size = body.bytes.byteLength;
  if (had.receipts >= most.receipts || had.bytes + size > most.bytes) return { status: 'full' };
  const names = [tenant, id, connector, registration, connection, deliveryId, guard, error.code, error.message] as const;
  session.run(insert, ...names, size, receivedAt, now + forMs, JSON.stringify(headers), encodePayload(body));
  return { status: 'kept', id };
}

const keptReceipt = (row: Row): KeptReceipt => ({
  tenant: text(row, 'tenant'),
  id: text(row, 'id'),
  connector: optionalText(row, 'connector'),
  registration: text(row, 'registration'),
  connection: optionalText(row, 'connection'),
  deliveryId: optionalText(row, 'delivery_id'),
  guard: text(row, 'guard'),
  error: { code: text(row, 'code'), message: text(row, 'message') },
  size: number(row, 'size'),
  receivedAt: number(row, 'received_at'),
  keptUntil: number(row, 'expires_at'),
});

const one = `select ${headColumns.join(', ')}, headers, body from kept_receipts where tenant = ? and id = ? and expires_at > ?`;

/** A receipt with what came. */
export function findReceipt(
  session: Session,
  { tenant, id }: { readonly tenant: string; readonly id: string },
  now: number,
): FullReceipt | null {
  const row = session.get(one, tenant, id, now);
  if (row === undefined) return null;
  return { ...keptReceipt(row), headers: JSON.parse(text(row, 'headers')), body: decodePayload(bytes(row, 'body')) };
}

/** Which page of receipts. */
export interface ReceiptsRequest {
  readonly tenant: string;
  readonly filter: ReceiptFilter;
  readonly page: PageRequest;
}

/** A page of receipts. */
export function readReceipts(session: Session, { tenant, filter, page }: ReceiptsRequest, now: number): HistoryPage<KeptReceipt> {
  const { registration, connection, code } = filter;
  return readPage(session, page, {
    table: 'kept_receipts',
    columns: headColumns.join(', '),
    order: ['id'],
    filter: { tenant, registration, connection, code },
    conditions: [{ sql: 'expires_at > ?', values: [now] }],
    item: keptReceipt,
  });
}

const remove = 'delete from kept_receipts where tenant = ? and id = ?';

/** Takes a receipt away. */
export function removeReceipt(session: Session, { tenant, id }: { readonly tenant: string; readonly id: string }): void {
  session.run(remove, tenant, id);
}

const count = 'select count(*) as receipts, coalesce(sum(size), 0) as bytes from kept_receipts where tenant = ? and expires_at > ?';

/** What a tenant has in it. */
export function countReceipts(session: Session, tenant: string, now: number): ReceiptCount {
  const row = session.get(count, tenant, now);
  return row === undefined ? { receipts: 0, bytes: 0 } : { receipts: number(row, 'receipts'), bytes: number(row, 'bytes') };
}

const forgetEnded =
  'delete from kept_receipts where rowid in (select rowid from kept_receipts where expires_at <= ? order by expires_at limit ?)';

/** Takes away a batch of what is past its time; answers how many those were. */
export const forgetReceipts = (session: Session, now: number, limit: number): number => session.run(forgetEnded, now, limit);
