import type { ConfigurationCache } from '../../configuration/create-configuration-cache.ts';
import { sameRevision } from '../../configuration/same-revision.ts';
import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { ConnectionRecord } from '../../contracts/configuration-store.ts';
import type { Revision } from '../../contracts/hot-store.ts';
import { configurationAt } from './configuration-at.ts';
import { refused } from './refused.ts';

/** What lets a delivery in, and under which configuration that was found to hold. */
export interface AdmissionOptions {
  readonly cache: Pick<ConfigurationCache, 'peek' | 'read'>;
  readonly tenant: string;
  /** `null`: not looked at yet. */
  readonly heldAt: Revision | null;
  readonly holds: (configuration: TenantConfiguration) => boolean | Promise<boolean>;
}

/**
 * Looks again whether a delivery may come in, for the very revision with which it is going to be committed: what was checked against a cached
 * configuration may have gone since (a secret, a registration, a connection). Throws the one refusal where it has.
 */
export function admission({ cache, tenant, heldAt, holds }: AdmissionOptions): (revision: Revision) => Promise<void> {
  let known = heldAt;
  return async (revision) => {
    if (known && sameRevision(known, revision)) return;
    const configuration = await configurationAt(cache, tenant, revision);
    if (!(await holds(configuration))) throw refused('not_receiving');
    known = configuration.revision;
  };
}

/** True for a connection that receives: one whose credential has expired does, one that was disconnected or never connected does not. */
export function receives(connection: ConnectionRecord): boolean {
  return connection.status !== 'disconnected' && connection.status !== 'initializing';
}
