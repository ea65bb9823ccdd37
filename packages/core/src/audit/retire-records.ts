import { dayMs } from '../clock/day-of.ts';
import type { AuditStore, ChainPoint } from '../contracts/audit-store.ts';
import type { GenerateId } from '../id/generate-id.ts';
import { pruneEntry } from './pruned-point.ts';

/** Tenants that one look finds. */
const tenantsAtOnce = 100;

/** Looks of one turn, and parts of one chain; what is left is for the next turn. */
const mostLooks = 1_000;

/** What taking away by age needs. */
export interface RetireOptions {
  readonly audit: Pick<AuditStore, 'expired' | 'prune'>;
  /** The store's time. */
  readonly now: () => Promise<number>;
  readonly generateId: GenerateId;
  /** Days that a tenant's records are kept; `null`: for ever. Never rejects. */
  readonly daysOf: (tenant: string) => Promise<number | null>;
  /** The fewest days that it answers: no younger chain is looked at. */
  readonly leastDays: number;
}

/** Takes away what is older than each tenant's days, from the beginning of its chain, and records in the chain that it did. */
export async function retireRecords(options: RetireOptions): Promise<void> {
  const now = await options.now();
  const before = now - options.leastDays * dayMs;
  let after: string | undefined;
  for (let look = 0; look < mostLooks; look += 1) {
    const found = await options.audit.expired({ before, limit: tenantsAtOnce, ...(after === undefined ? {} : { after }) });
    for (const { tenant } of found) await retireTenant(options, tenant, now);
    after = found.at(-1)?.tenant;
    if (found.length < tenantsAtOnce) return;
  }
}

async function retireTenant({ audit, generateId, daysOf }: RetireOptions, tenant: string, now: number): Promise<void> {
  const days = await daysOf(tenant);
  if (days === null) return;
  const before = now - days * dayMs;
  for (let look = 0; look < mostLooks; look += 1) {
    const [found] = await audit.expired({ before, limit: 1, tenant });
    if (found === undefined) return;
    const through: ChainPoint = { seq: found.seq, hash: found.hash };
    const { status } = await audit.prune(tenant, { through, entry: pruneEntry(generateId(), through, before) });
    if (status === 'kept') return;
  }
}
