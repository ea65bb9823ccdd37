import type { ConfigurationCache } from '../../configuration/create-configuration-cache.ts';
import { sameRevision } from '../../configuration/same-revision.ts';
import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { Revision } from '../../contracts/hot-store.ts';

/**
 * The configuration of a revision that something is going to be committed with; another one where that has passed, and then the commit finds that
 * out and this is asked again.
 */
export async function configurationAt(
  cache: Pick<ConfigurationCache, 'peek' | 'read'>,
  tenant: string,
  revision: Revision,
): Promise<TenantConfiguration> {
  const cached = cache.peek(tenant);
  return cached && sameRevision(cached.revision, revision) ? cached : cache.read(tenant, { fresh: true });
}
