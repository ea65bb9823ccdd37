import { z } from 'zod';
import { type TenantConfiguration, tenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { Connector } from '../../connector/connector-definition.ts';
import { type ConnectorRegistry, createRegistry } from '../../connector/create-registry.ts';
import { defineAction } from '../../connector/define-action.ts';
import { defineConnector } from '../../connector/define-connector.ts';
import { connectionRecord } from '../../contracts/__fixtures__/connection-record.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import type { Json } from '../../json/json.ts';

export const ids = {
  main: '01890a5d-0000-774b-bcce-b302099a8001',
  team: '01890a5d-0000-774b-bcce-b302099a8002',
  automation: '01890a5d-0000-774b-bcce-b302099a8003',
  other: '01890a5d-0000-774b-bcce-b302099a8004',
  event: '01890a5d-0000-774b-bcce-b302099a8005',
} as const;

const anyAction = (idempotency: 'read' | 'unsafe') =>
  defineAction({ title: 'Act', description: 'Acts.', idempotency, input: z.json(), output: z.json(), run: async () => null });

/** A connector with a reading and an unsafe action. */
export function sampleConnector(id: string, version = '1.2.3'): Connector {
  return defineConnector({
    id,
    name: id,
    description: 'A sample.',
    version,
    category: 'custom',
    auth: [{ type: 'bearer' }],
    origin: `https://${id}.example.com`,
    actions: { look: anyAction('read'), act: anyAction('unsafe') },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
}

/** A registry of these connectors. */
export function registryOf(...connectors: readonly Connector[]): ConnectorRegistry {
  const registry = createRegistry({ hubVersion: '0.1.0' });
  for (const connector of connectors) registry.register(connector);
  return registry;
}

/** A stored connection. */
export function connectionRow(id: string, connector: string, name: string): Row<'connection'> {
  return {
    id,
    name: `${connector}/${name}`,
    version: 1,
    updatedAt: 0,
    value: connectionRecord({ connector, name }),
  };
}

/** A stored automation. */
export function automationRow(
  definition: Json,
  changes: { id?: string; name?: string; version?: number; enabled?: boolean } = {},
): Row<'automation'> {
  const { id = ids.automation, name = 'order', version = 1, enabled = true } = changes;
  return { id, name, version: 1, updatedAt: 0, value: { name, version, enabled, definition } };
}

/** What a tenant has configured: two connections and these automations and subscribers. */
export function configurationOf(
  automations: readonly Row<'automation'>[],
  options: {
    readonly tenant?: string;
    readonly revision?: number;
    readonly subscribers?: readonly { name: string; pattern: string }[];
  } = {},
): TenantConfiguration {
  const { tenant = 'acme', revision = 1, subscribers = [] } = options;
  const connection = [connectionRow(ids.main, 'desk', 'main'), connectionRow(ids.team, 'chat', 'team')];
  return tenantConfiguration(
    tenant,
    {
      revision: { hub: 1, tenant: revision },
      rows: { connection, automation: [...automations].sort((left, right) => (left.id < right.id ? -1 : 1)) },
    },
    subscribers,
  );
}
