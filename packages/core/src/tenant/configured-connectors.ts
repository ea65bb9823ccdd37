import type { TenantScope } from './tenant-services.ts';

/** A connector that a tenant has set something for: that it has, and no value. */
export interface ConfiguredConnector {
  readonly connector: string;
  /** Counts the changes from 1. */
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** All of them, in order of ids. */
export async function configuredConnectors({ tenant, storage }: TenantScope): Promise<readonly ConfiguredConnector[]> {
  const { rows } = await storage.configuration.snapshot(tenant, ['connector_configuration']);
  return (rows.connector_configuration ?? []).map(({ id, value, updatedAt }) => ({ connector: id, revision: value.revision, updatedAt }));
}
