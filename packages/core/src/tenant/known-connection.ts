import type { Row } from '../contracts/configuration-store.ts';
import { isReference } from './check-text.ts';
import type { TenantScope } from './tenant-services.ts';

/** Milliseconds for which a connection is used without asking the store whether it has changed in another process. */
const trustedFor = 1_000;

/** A connection and its sealed credential, of one version. */
export interface HeldConnection {
  readonly connection: Row<'connection'>;
  readonly held: Row<'credential'>;
}

/**
 * The connection that a host names, as a look less than a second ago found it. `null` where the store must be asked itself: it is not there, not active,
 * or confined, others have its name too, or its credential is being replaced.
 */
export async function knownConnection(scope: TenantScope, reference: string): Promise<HeldConnection | null> {
  await scope.ready();
  if (!isReference(reference)) return null;
  const configuration = await scope.cache.recent(scope.tenant, trustedFor);
  const connection = configuration.connectionReferred(reference);
  if (connection?.value.status !== 'active' || connection.value.confinedTo) return null;
  const held = configuration.credential(connection.id);
  return held?.value.secretVersion === connection.value.secretVersion ? { connection, held } : null;
}
