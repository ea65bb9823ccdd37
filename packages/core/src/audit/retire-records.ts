import type { AuditStore } from '../contracts/audit-store.ts';
import type { GenerateId } from '../id/generate-id.ts';
import { pruneEntry } from './pruned-point.ts';

/** Tenants that one look finds. */
const tenantsAtOnce = 100;

/** Looks of one turn; what is left is for the next. */
const mostLooks = 1_000;

const dayMs = 86_400_000;

/** What taking away by age needs. */
export interface RetireOptions {
  readonly audit: Pick<AuditStore, 'expired' | 'prune'>;
  /** The store's time. */
  readonly now: () => Promise<number>;
  readonly generateId: GenerateId;
  readonly days: number;
}

/** Takes away what is older than so many days, from the beginning of each chain, and records in the chain that it did. */
export async function retireRecords({ audit, now, generateId, days }: RetireOptions): Promise<void> {
  const before = (await now()) - days * dayMs;
  for (let look = 0; look < mostLooks; look += 1) {
    const found = await audit.expired({ before, limit: tenantsAtOnce });
    for (const { tenant, ...through } of found) await audit.prune(tenant, { through, entry: pruneEntry(generateId(), through, before) });
    if (found.length === 0) return;
  }
}
