import type { AuditStore, ChainPoint, SealItem, UnsealedRecords } from '../contracts/audit-store.ts';
import type { ChainHash } from './chain-hash.ts';

/** Records that one batch seals. */
const batchSize = 500;

/** The places of records behind their head. */
export function placesFor({ tenant, head, records }: UnsealedRecords, hash: ChainHash): SealItem {
  let point: ChainPoint = head;
  const places = records.map((record) => {
    point = { seq: point.seq + 1, hash: hash.make(point, record) };
    return { id: record.id, hash: point.hash };
  });
  return { tenant, behind: head, records: places };
}

/** A head that was moved. */
export type MovedHead = { readonly tenant: string } & ChainPoint;

/**
 * Seals some of what waits, of any tenants. Answers the heads that it moved, and whether more may wait: a batch that was full, or a chain in which
 * somebody else was quicker.
 */
export async function sealBatch(
  audit: Pick<AuditStore, 'unsealed' | 'seal'>,
  hash: ChainHash,
): Promise<{ readonly heads: readonly MovedHead[]; readonly more: boolean }> {
  const waiting = await audit.unsealed({ limit: batchSize });
  const items = waiting.map((one) => placesFor(one, hash));
  const verdicts = items.length === 0 ? [] : await audit.seal(items);
  const heads = items.flatMap(({ tenant, behind, records }, index): MovedHead[] => {
    const last = records.at(-1);
    return last === undefined || verdicts[index]?.status !== 'sealed'
      ? []
      : [{ tenant, seq: behind.seq + records.length, hash: last.hash }];
  });
  const found = items.reduce((sum, { records }) => sum + records.length, 0);
  return { heads, more: found >= batchSize || heads.length < items.length };
}
