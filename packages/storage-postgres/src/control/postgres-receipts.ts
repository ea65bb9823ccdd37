import type { FullReceipt, KeepRequest, KeepVerdict, KeptReceipt, ReceiptStore } from '@patchbay/core/adapter';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { tenants } from '../database/scope.ts';
import { isUuid } from '../history/is-uuid.ts';
import { pageOf, parseCursor, rowsFor } from '../history/page.ts';
import { decodePayload, encodePayload } from '../ledger/payload.ts';
import { number, optionalText, type Row, text } from '../row.ts';

// What a tenant has is counted before it may have more, so those who keep for one tenant go one after another.
const queue: Statement = {
  name: 'queue_for_receipts',
  text: (schema) => `select pg_advisory_xact_lock(hashtextextended('${schema}.kept_receipts:' || $1::text, 0))`,
};

const forget: Statement = {
  name: 'forget_receipts_of',
  text: (schema) => `delete from ${schema}.kept_receipts where tenant = $1 and expires_at <= (select ${schema}.clock())`,
};

const keep: Statement = {
  name: 'keep_receipt',
  text: (schema) => `
with known as (select k.id from ${schema}.kept_receipts k where k.tenant = $1 and k.guard = $7),
had as (select count(*) as receipts, coalesce(sum(k.size), 0) as bytes from ${schema}.kept_receipts k where k.tenant = $1),
kept as (
  insert into ${schema}.kept_receipts
    (tenant, id, connector, registration, connection, delivery_id, guard, code, message, headers, received_at, expires_at, body, size)
  select $1, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, ${schema}.moment($11::float8),
    ${schema}.clock() + $12::float8 * interval '1 millisecond', $13::bytea, $14::int
  from had
  where not exists (select from known) and had.receipts < $15::float8 and had.bytes + $14::int <= $16::float8
  returning id)
select id from known union all select id from kept`,
};

const head = (schema: string): string => `
  k.tenant, k.id, k.connector, k.registration, k.connection, k.delivery_id, k.guard, k.code, k.message, k.size,
  ${schema}.millis(k.received_at) as received_at, ${schema}.millis(k.expires_at) as expires_at`;

const one: Statement = {
  name: 'receipt',
  text: (schema) => `
select ${head(schema)}, k.headers, encode(k.body, 'hex') as body
from ${schema}.kept_receipts k where k.tenant = $1 and k.id = $2::uuid and k.expires_at > ${schema}.clock()`,
};

const many = (order: 'asc' | 'desc'): Statement => ({
  name: `receipts_${order}`,
  text: (schema) => `
select ${head(schema)} from ${schema}.kept_receipts k
where k.tenant = $1 and k.expires_at > ${schema}.clock() and ($2::text is null or k.registration = $2)
  and ($3::text is null or k.connection = $3) and ($4::text is null or k.code = $4)
  and ($5::uuid is null or k.id ${order === 'asc' ? '>' : '<'} $5)
order by k.id ${order} limit $6::int`,
});

const newestFirst = many('desc');
const oldestFirst = many('asc');

const remove: Statement = {
  name: 'remove_receipt',
  text: (schema) => `delete from ${schema}.kept_receipts where tenant = $1 and id = $2::uuid`,
};

const count: Statement = {
  name: 'count_receipts',
  text: (schema) => `
select count(*) as receipts, coalesce(sum(k.size), 0) as bytes from ${schema}.kept_receipts k
where k.tenant = $1 and k.expires_at > ${schema}.clock()`,
};

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

const fullReceipt = (row: Row): FullReceipt => ({
  ...keptReceipt(row),
  headers: JSON.parse(text(row, 'headers')),
  body: decodePayload(text(row, 'body')),
});

function valuesOf(receipt: KeepRequest): readonly unknown[] {
  const { tenant, id, connector, registration, connection, deliveryId, guard, error, headers, receivedAt, forMs, body, most } = receipt;
  const names = [tenant, id, connector, registration, connection, deliveryId, guard, error.code, error.message, JSON.stringify(headers)];
  return [...names, receivedAt, forMs, encodePayload(body), body.bytes.byteLength, most.receipts, most.bytes];
}

async function keepReceipt(database: OpenDatabase, receipt: KeepRequest): Promise<KeepVerdict> {
  const own = database.within(tenants(receipt.tenant));
  const [row] = await own.transaction(async (client) => {
    await own.query(queue, [receipt.tenant], client);
    await own.query(forget, [receipt.tenant], client);
    return own.query(keep, valuesOf(receipt), client);
  });
  return row === undefined ? { status: 'full' } : { status: 'kept', id: text(row, 'id') };
}

/** Kept receipts in their table. Maintenance takes away what is past its time. */
export function postgresReceipts(database: OpenDatabase): ReceiptStore {
  const within = (tenant: string) => database.within(tenants(tenant));
  return {
    keep: (receipt) => keepReceipt(database, receipt),
    async get(tenant, id) {
      const [row] = isUuid(id) ? await within(tenant).query(one, [tenant, id]) : [];
      return row === undefined ? null : fullReceipt(row);
    },
    async page(tenant, { registration = null, connection = null, code = null }, page) {
      const [place = null] = parseCursor(page.cursor, 1);
      const statement = page.order === 'oldest' ? oldestFirst : newestFirst;
      const rows = await within(tenant).query(statement, [tenant, registration, connection, code, place, rowsFor(page)]);
      return pageOf(rows, page, { item: keptReceipt, placeOf: (row) => [text(row, 'id')] });
    },
    async remove(tenant, id) {
      if (isUuid(id)) await within(tenant).query(remove, [tenant, id]);
    },
    async count(tenant) {
      const [row] = await within(tenant).query(count, [tenant]);
      return row === undefined ? { receipts: 0, bytes: 0 } : { receipts: number(row, 'receipts'), bytes: number(row, 'bytes') };
    },
  };
}
