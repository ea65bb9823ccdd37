import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { type Connection, toConnection } from '../connections/connection.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { findConnection } from '../routing/find-connection.ts';
import { storedDefinition } from './automation-view.ts';
import type { TenantScope } from './tenant-services.ts';

/** The host's view of connections. What listens to them is counted in one pass over the tenant's automations. */
export async function viewConnections(
  { tenant, cache, registry }: TenantScope,
  rows: readonly Row<'connection'>[],
): Promise<readonly Connection[]> {
  if (rows.length === 0) return [];
  const listeners = listenersOf(await cache.recent(tenant, 0), registry);
  return rows.map((row) => toConnection(row, (listeners.get(row.id) ?? 0) + (listeners.get(row.value.connector) ?? 0)));
}

/** The host's view of one connection. */
export async function viewConnection(scope: TenantScope, row: Row<'connection'>): Promise<Connection> {
  const [connection] = await viewConnections(scope, [row]);
  return connection ?? toConnection(row, 0);
}

/** Enabled automations by the connection that their trigger names, or by its connector where it names none. An id is no connector's. */
function listenersOf(configuration: TenantConfiguration, registry: ConnectorRegistry): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { value } of configuration.automations) {
    const { trigger } = storedDefinition(value.definition);
    // The host's own events come through no connection.
    if (!value.enabled || !('event' in trigger) || !registry.findTrigger(trigger.event)) continue;
    const [connector = ''] = trigger.event.split('.', 1);
    const listened = trigger.connection === undefined ? connector : findConnection(configuration, connector, trigger.connection)?.id;
    if (listened !== undefined) counts.set(listened, (counts.get(listened) ?? 0) + 1);
  }
  return counts;
}
