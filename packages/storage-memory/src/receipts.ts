import type { FullReceipt, HistoryPage, KeptReceipt, PageRequest, ReceiptFilter, ReceiptStore } from '@patchbay/core/adapter';
import { malformed } from './malformed.ts';

/** A tenant's receipts by their ids. */
type Shelf = Map<string, FullReceipt>;

const copyOf = (receipt: FullReceipt): FullReceipt => structuredClone(receipt);

function headOf({ headers: _headers, body: _body, ...head }: FullReceipt): KeptReceipt {
  return structuredClone(head);
}

const fits = ({ registration, connection, code }: ReceiptFilter, receipt: FullReceipt): boolean =>
  (registration === undefined || receipt.registration === registration) &&
  (connection === undefined || receipt.connection === connection) &&
  (code === undefined || receipt.error.code === code);

function checkCursor(cursor: string | null): void {
  if (cursor === null || /^[0-9a-f-]{36}$/.test(cursor)) return;
  throw malformed('The cursor of a page of receipts is not one of this storage. Pass back the one of the last page.');
}

function pageOf(found: readonly FullReceipt[], { cursor, limit, order }: PageRequest): HistoryPage<KeptReceipt> {
  checkCursor(cursor);
  const sign = order === 'oldest' ? 1 : -1;
  const compare = (one: string, other: string): number => (one < other ? -sign : one > other ? sign : 0);
  const rest = found.filter(({ id }) => cursor === null || compare(cursor, id) < 0).sort((one, other) => compare(one.id, other.id));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(headOf), cursor: rest.length > items.length && last !== undefined ? last.id : null };
}

/** Receipts by tenant. Whoever looks at a tenant's takes away those whose time has passed. */
export function memoryReceipts(now: () => number): ReceiptStore {
  const shelves = new Map<string, Shelf>();
  const shelfOf = (tenant: string): Shelf => {
    const shelf: Shelf = shelves.get(tenant) ?? new Map();
    const time = now();
    for (const receipt of shelf.values()) if (receipt.keptUntil <= time) shelf.delete(receipt.id);
    if (shelf.size === 0) shelves.delete(tenant);
    return shelf;
  };
  const bytesOn = (shelf: Shelf): number => [...shelf.values()].reduce((sum, { size }) => sum + size, 0);

  return {
    async keep({ forMs, most, ...receipt }) {
      const shelf = shelfOf(receipt.tenant);
      const known = [...shelf.values()].find(({ guard }) => guard === receipt.guard);
      if (known !== undefined) return { status: 'kept', id: known.id };
      const size = receipt.body.bytes.byteLength;
      if (shelf.size >= most.receipts || bytesOn(shelf) + size > most.bytes) return { status: 'full' };
      shelves.set(receipt.tenant, shelf.set(receipt.id, copyOf({ ...receipt, size, keptUntil: now() + forMs })));
      return { status: 'kept', id: receipt.id };
    },
    async get(tenant, id) {
      const receipt = shelfOf(tenant).get(id);
      return receipt === undefined ? null : copyOf(receipt);
    },
    page: async (tenant, filter, page) =>
      pageOf(
        [...shelfOf(tenant).values()].filter((receipt) => fits(filter, receipt)),
        page,
      ),
    async remove(tenant, id) {
      shelfOf(tenant).delete(id);
    },
    async count(tenant) {
      const shelf = shelfOf(tenant);
      return { receipts: shelf.size, bytes: bytesOn(shelf) };
    },
  };
}
