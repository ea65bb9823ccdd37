import { listConnections } from '../connections/list-connections.ts';
import type { ConnectionStatus } from '../contracts/configuration-records.ts';
import type { Gate } from '../contracts/control-stores.ts';
import type { TenantScope } from './tenant-services.ts';

/** How a tenant is: counts and what is closed. */
export interface TenantHealth {
  readonly tenant: string;
  /** Connections by status; a status that none has is left out. */
  readonly connections: { readonly [Status in ConnectionStatus]?: number };
  /** Verified deliveries that could not become events and wait for somebody to replay or discard them. Of all connectors. */
  readonly keptDeliveries: { readonly receipts: number; readonly bytes: number };
  readonly gates: readonly Pick<Gate, 'lane' | 'reason' | 'until'>[];
}

/** Looks at a tenant; with a connector, at its connections and their lanes alone. */
export async function tenantHealth(
  { tenant, storage }: TenantScope,
  { connector }: { readonly connector?: string } = {},
): Promise<TenantHealth> {
  const all = await listConnections(storage.configuration, tenant);
  const meant = all.filter(({ value }) => connector === undefined || value.connector === connector);
  const connections: { [Status in ConnectionStatus]?: number } = {};
  for (const { value } of meant) connections[value.status] = (connections[value.status] ?? 0) + 1;
  const lanes = new Set(meant.map(({ id }) => `connection:${id}`));
  const gates = (await storage.gates.list(tenant)).filter(({ lane }) => connector === undefined || lanes.has(lane));
  const keptDeliveries = await storage.receipts.count(tenant);
  return { tenant, connections, keptDeliveries, gates: gates.map(({ lane, reason, until }) => ({ lane, reason, until })) };
}
