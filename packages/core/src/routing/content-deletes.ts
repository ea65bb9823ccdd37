import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';

/** The sources of content of an event's connection that are switched on and out of which such an event takes documents. */
export function contentsDeletedBy(
  { type, connection }: Pick<EventRecord, 'type' | 'connection'>,
  { configuration, registry }: { readonly configuration: TenantConfiguration; readonly registry: Pick<ConnectorRegistry, 'find'> },
): readonly string[] {
  const { content, connector, status } = (connection === null ? undefined : configuration.connection(connection)?.value) ?? {};
  if (content === undefined || connector === undefined || status === 'disconnected' || !type.startsWith(`${connector}.`)) return [];
  const trigger = type.slice(connector.length + 1);
  const sources = registry.find(connector)?.definition.content ?? {};
  return Object.keys(content).filter((name) => Object.hasOwn(sources, name) && Object.hasOwn(sources[name]?.deletedBy ?? {}, trigger));
}
