import { connectionRowName } from '../configuration/tenant-configuration.ts';
import { isAnnounced } from '../connections/holds-place.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { majorOf } from '../connector/major-of.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { TenantScope } from './tenant-services.ts';

/** What a host says of the connection that it connects. */
export interface WantedConnection {
  readonly name: string;
  readonly connector: string;
  readonly major?: number | undefined;
}

/**
 * The connector that a connection is put with: of the major that it is pinned to, for a new one of the major that is asked for or the newest. Throws
 * `unknown_connector`, and `invalid_argument` for another major than the one that it has.
 */
export async function connectorToPut({ tenant, storage, registry }: TenantScope, wanted: WantedConnection): Promise<Connector> {
  const { name, connector: id, major } = wanted;
  const newest = registry.get(id, major);
  const existing = await storage.configuration.find(tenant, 'connection', connectionRowName(newest.id, name));
  // Who has only begun has pinned nothing yet.
  if (!existing || isAnnounced(existing.value)) return newest;
  const pinned = registry.getFor(existing.value);
  if (major === undefined || majorOf(pinned.definition.version) === major) return pinned;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `The connection ${name} is pinned to ${id}@${majorOf(pinned.definition.version)}, and putting it does not move it to ${id}@${major}.`,
  });
}
