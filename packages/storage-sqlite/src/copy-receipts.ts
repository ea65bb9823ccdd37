import { PatchbayError } from '@patchbay/core';
import type { HistoryPage, KeptReceipt, Storage } from '@patchbay/core/adapter';

/** Copies a tenant's kept receipts with their bodies, oldest first, for the time that each has left. Answers how many those were. */
export async function copyReceipts<Transaction>(from: Storage, to: Storage<Transaction>, tenant: string): Promise<number> {
  const now = await from.now();
  // What the file could hold, the other storage shall hold.
  const most = { receipts: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER };
  let copied = 0;
  for (let cursor: string | null = null; ; ) {
    const page: HistoryPage<KeptReceipt> = await from.receipts.page(tenant, {}, { cursor, limit: 50, order: 'oldest' });
    for (const { id, size: _size, keptUntil, ...head } of page.items) {
      const receipt = await from.receipts.get(tenant, id);
      if (receipt === null) continue;
      const { headers, body } = receipt;
      const verdict = await to.receipts.keep({ ...head, id, headers, body, most, forMs: Math.max(1, keptUntil - now) });
      if (verdict.status === 'full' || verdict.id !== id) throw differing(tenant, id);
      copied += 1;
    }
    cursor = page.cursor;
    if (cursor === null) return copied;
  }
}

function differing(tenant: string, id: string): PatchbayError {
  const message = 'The other storage keeps another receipt of the same delivery. Copy into an empty storage.';
  return new PatchbayError({ code: 'conflict', message, details: { tenant, id } });
}
