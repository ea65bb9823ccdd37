import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';

/** The sources of content of an event's connection that are switched on and out of which such an event takes documents. */
export function contentsDeletedBy(
  { type, connection }: Pick<EventRecord, 'type' | 'connection'>,
  { configuration, registry }: { readonly configuration: TenantConfiguration; readonly registry: Pick<ConnectorRegistry, 'findFor'> },
): readonly string[] {
  const value = connection === null ? undefined : configuration.connection(connection)?.value;
  if (value?.content === undefined || value.status === 'disconnected' || !type.startsWith(`${value.connector}.`)) return [];
  const { content, connector } = value;
  const trigger = type.slice(connector.length + 1);
  const sources = registry.findFor(value)?.definition.content ?? {};
  return Object.keys(content).filter((name) => Object.hasOwn(sources, name) && Object.hasOwn(sources[name]?.deletedBy ?? {}, trigger));
}
