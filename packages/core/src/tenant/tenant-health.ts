import { listConnections } from '../connections/list-connections.ts';
import type { ConnectionStatus } from '../contracts/configuration-records.ts';
import type { Gate } from '../contracts/control-stores.ts';
import type { StatePage } from '../contracts/state-store.ts';
import { windowName, windowPrefix } from '../webhooks/outbound/endpoint-watch.ts';
import { readWindow } from '../webhooks/outbound/failure-window.ts';
import type { TenantScope } from './tenant-services.ts';

/** How a tenant is: counts and what is closed. */
export interface TenantHealth {
  readonly tenant: string;
  /** Connections by status; a status that none has is left out. */
  readonly connections: { readonly [Status in ConnectionStatus]?: number };
  /** Verified deliveries that could not become events and wait for somebody to replay or discard them. Of all connectors. */
  readonly keptDeliveries: { readonly receipts: number; readonly bytes: number };
  /**
   * The tenant's endpoints, whatever the connector: how many there are, how many receive nothing (disabled, or not verified), and at how many most
   * attempts have failed.
   */
  readonly endpoints: { readonly total: number; readonly disabled: number; readonly unverified: number; readonly failing: number };
  readonly gates: readonly Pick<Gate, 'lane' | 'reason' | 'until'>[];
}

/** Looks at a tenant; with a connector, at its connections and their lanes alone. */
export async function tenantHealth(scope: TenantScope, { connector }: { readonly connector?: string } = {}): Promise<TenantHealth> {
  const { tenant, storage } = scope;
  const all = await listConnections(storage.configuration, tenant);
  const meant = all.filter(({ value }) => connector === undefined || value.connector === connector);
  const connections: { [Status in ConnectionStatus]?: number } = {};
  for (const { value } of meant) connections[value.status] = (connections[value.status] ?? 0) + 1;
  const lanes = new Set(meant.map(({ id }) => `connection:${id}`));
  const gates = (await storage.gates.list(tenant)).filter(({ lane }) => connector === undefined || lanes.has(lane));
  const keptDeliveries = await storage.receipts.count(tenant);
  const endpoints = await endpointHealth(scope);
  return { tenant, connections, keptDeliveries, endpoints, gates: gates.map(({ lane, reason, until }) => ({ lane, reason, until })) };
}

async function endpointHealth({ tenant, storage, cache }: TenantScope): Promise<TenantHealth['endpoints']> {
  const { endpoints } = await cache.recent(tenant, 0);
  const failing = new Set<string>();
  for (let cursor: string | null = null; endpoints.length > 0; ) {
    const page: StatePage = await storage.states.list(tenant, windowPrefix, { cursor, limit: 500 });
    for (const { name, value } of page.entries) if (readWindow(value).failingSince !== null) failing.add(name);
    cursor = page.cursor;
    if (cursor === null) break;
  }
  const count = (fits: (row: (typeof endpoints)[number]) => boolean): number => endpoints.filter(fits).length;
  return {
    total: endpoints.length,
    disabled: count(({ value }) => value.disabled !== undefined),
    unverified: count(({ value }) => value.disabled === undefined && value.verification === 'pending'),
    failing: count(({ id }) => failing.has(windowName(id))),
  };
}
