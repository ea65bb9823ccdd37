import type { AnyDefinition } from '../connector/connector-definition.ts';
import { readsChoices } from '../connector/connector-values.ts';
import type { ConnectorChoices } from '../contracts/configuration-records.ts';
import type { TenantScope } from './tenant-services.ts';

/** What the tenant has set for a connector, as it is stored now; `undefined` where nothing is, and where the connector's code reads nothing of it. */
export async function storedChoices(
  { tenant, storage }: Pick<TenantScope, 'tenant' | 'storage'>,
  definition: AnyDefinition,
): Promise<ConnectorChoices | undefined> {
  if (!readsChoices(definition)) return undefined;
  return (await storage.configuration.get(tenant, 'connector_configuration', definition.id))?.value;
}
