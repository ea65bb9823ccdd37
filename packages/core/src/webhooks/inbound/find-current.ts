import { sameRevision } from '../../configuration/same-revision.ts';
import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { RefusalReason } from '../../notices/webhook-notices.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { refused } from './refused.ts';

/** What is looked for in a tenant's configuration. */
export interface Search<Found> {
  readonly tenant: string;
  readonly find: (configuration: TenantConfiguration) => Promise<Found | undefined>;
  /** Why nothing was found. */
  readonly reasonIn: (configuration: TenantConfiguration) => RefusalReason;
}

/** What is found by the cached configuration, else by one that holds now: it or its secret may have been put in another process. Throws the one refusal. */
export async function findCurrent<Found>(
  cache: ReceiveOptions['cache'],
  { tenant, find, reasonIn }: Search<Found>,
): Promise<{ readonly found: Found; readonly configuration: TenantConfiguration }> {
  const cached = cache.peek(tenant) ?? (await cache.read(tenant));
  const known = await find(cached);
  if (known) return { found: known, configuration: cached };
  const current = await cache.refresh(tenant);
  const found = current && !sameRevision(current.revision, cached.revision) ? await find(current) : undefined;
  if (!current || !found) throw refused(reasonIn(current ?? cached));
  return { found, configuration: current };
}
