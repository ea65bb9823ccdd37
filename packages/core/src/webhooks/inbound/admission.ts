import type { ConfigurationCache } from '../../configuration/create-configuration-cache.ts';
import { sameRevision } from '../../configuration/same-revision.ts';
import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { ConnectionRecord } from '../../contracts/configuration-records.ts';
import type { Revision } from '../../contracts/hot-store.ts';
import { configurationAt } from './configuration-at.ts';
import { refused } from './refused.ts';

/** What lets a delivery in, and under which configuration that was found to hold. */
export interface AdmissionOptions {
  readonly cache: Pick<ConfigurationCache, 'peek' | 'read'>;
  readonly tenant: string;
  /** The configuration under which it was found to hold; `null`: not looked at yet. */
  readonly heldIn: TenantConfiguration | null;
  readonly holds: (configuration: TenantConfiguration) => boolean | Promise<boolean>;
}

/**
 * Looks again whether a delivery may come in, for the very revision with which it is going to be committed: what was checked against a cached
 * configuration may have gone since (a secret, a registration, a connection). Answers that configuration; throws the one refusal where it has gone.
 */
export function admission({ cache, tenant, heldIn, holds }: AdmissionOptions): (revision: Revision) => Promise<TenantConfiguration> {
  let known = heldIn;
  return async (revision) => {
    if (known && sameRevision(known.revision, revision)) return known;
    const configuration = await configurationAt(cache, tenant, revision);
    if (!(await holds(configuration))) throw refused('not_receiving');
    // Where it is another revision still, the commit finds that out and this is asked again.
    known = configuration;
    return configuration;
  };
}

/** True for a connection that receives: one whose credential has expired does, one that was disconnected or never
 * connected does not, nor one that is paused with its webhooks. */
export function receives(connection: ConnectionRecord): boolean {
  return connection.status !== 'disconnected' && connection.status !== 'initializing' && connection.inboundPausedAt === undefined;
}
