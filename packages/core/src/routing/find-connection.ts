import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { isUuid } from '../id/is-uuid.ts';

/** A connection of this connector by name or id. */
export function findConnection(
  configuration: TenantConfiguration,
  connector: string,
  reference: string,
): ReturnType<TenantConfiguration['connection']> {
  const named = configuration.connectionNamed(connector, reference);
  if (named || !isUuid(reference)) return named;
  const row = configuration.connection(reference);
  return row?.value.connector === connector ? row : undefined;
}
