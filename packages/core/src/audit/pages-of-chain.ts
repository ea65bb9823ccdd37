import type { AuditStore, SealedRecord } from '../contracts/audit-store.ts';

/** Records that one question reads. */
const pageSize = 500;

/** The sealed records of a tenant behind one number and up to another, in order, page by page. */
export async function* pagesOfChain(
  audit: Pick<AuditStore, 'chain'>,
  tenant: string,
  { after, through }: { readonly after: number; readonly through: number },
): AsyncGenerator<SealedRecord> {
  for (let place = after; place < through; ) {
    const found = await audit.chain(tenant, { after: place, limit: pageSize });
    for (const record of found) if (record.seq <= through) yield record;
    const last = found.at(-1)?.seq;
    if (last === undefined || last <= place) return;
    place = last;
  }
}
