import { dayMs } from './clock/day-of.ts';
import type { JournalStore } from './contracts/journal-store.ts';
import type { PlanPolicy } from './contracts/plan-policy.ts';
import type { Storage } from './contracts/storage.ts';
import { failureOf } from './errors/failure-of.ts';
import type { Logger } from './logger/logger.ts';
import { planOf } from './tenant/tenant-plan.ts';

/** How long the entries of one stream are kept. */
export interface JournalRetentionOptions {
  readonly storage: Pick<Storage<unknown>, 'listTenants' | 'now'> & { readonly journal: Pick<JournalStore, 'prune'> };
  readonly stream: string;
  /** Days for tenants whose plan does not say. */
  readonly days: number;
  /** The limit of a plan that says how many days. */
  readonly limit: string;
  readonly plans: PlanPolicy | null;
  readonly logger: Logger;
}

/** Entries that are taken away in one call, and calls for one tenant in one turn; what is left is for the next turn. */
const most = { entries: 5_000, calls: 200 };

/** Tenants that are asked for at once. */
const tenantsAtOnce = 500;

/**
 * Takes away what is older than each tenant's days. Without plans that say it is one question for all tenants. A tenant whose plan cannot be found
 * out keeps everything.
 */
export async function retireEntries(options: JournalRetentionOptions): Promise<void> {
  const { storage, plans, limit, days } = options;
  const now = await storage.now();
  if (plans === null || plans.plans.every(({ limits }) => !Object.hasOwn(limits, limit))) return prune(options, now - days * dayMs);
  let after: string | null = null;
  for (;;) {
    const tenants: readonly string[] = await storage.listTenants({ after, limit: tenantsAtOnce });
    for (const tenant of tenants) {
      const own = await daysOf(options, tenant);
      if (own !== null) await prune(options, now - own * dayMs, tenant);
    }
    if (tenants.length < tenantsAtOnce) return;
    after = tenants.at(-1) ?? null;
  }
}

async function prune({ storage, stream }: JournalRetentionOptions, before: number, tenant?: string): Promise<void> {
  const request = { stream, before, limit: most.entries, ...(tenant === undefined ? {} : { tenant }) };
  for (let call = 0; call < most.calls; call += 1) {
    if ((await storage.journal.prune(request)) < most.entries) return;
  }
}

/** `null`: for ever. */
async function daysOf({ plans, limit, days, logger, stream }: JournalRetentionOptions, tenant: string): Promise<number | null> {
  try {
    const { limits = {} } = (await planOf({ tenant, plans })) ?? {};
    const said = Object.hasOwn(limits, limit) ? limits[limit] : undefined;
    return said === 'unlimited' ? null : (said ?? days);
  } catch (error) {
    logger.warn('the plan of a tenant cannot be found out, so that its log is kept', { tenant, stream, ...failureOf(error) });
    return null;
  }
}
