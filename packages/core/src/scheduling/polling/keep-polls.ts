import type { ConfigurationCache } from '../../configuration/create-configuration-cache.ts';
import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { Connector } from '../../connector/connector-definition.ts';
import type { ConnectorRegistry } from '../../connector/create-registry.ts';
import type { Storage } from '../../contracts/storage.ts';
import { type KeeperParts, sendKeeper } from '../keeper.ts';
import { type PollPlace, pollKeeper } from './poll-keeper.ts';

/** What looking for polling triggers needs. */
export interface KeepPollsParts extends KeeperParts {
  readonly cache: Pick<ConfigurationCache, 'read' | 'recent'>;
  readonly storage: Pick<Storage<unknown>, 'listTenants' | 'now'>;
  /** Ids of connectors of which some major has a trigger that is polled. */
  readonly connectors: readonly string[];
  readonly registry: Pick<ConnectorRegistry, 'findFor'>;
  readonly isAwaited: (configuration: TenantConfiguration, place: PollPlace) => boolean;
}

/** Tenants read at once. */
const pageSize = 500;

/** Milliseconds for which a tenant's configuration is used without asking the store again. */
const trustedFor = 1_000;

/** Names of a connector's triggers that are polled. */
export const polledTriggers = ({ triggers }: Pick<Connector, 'triggers'>): readonly string[] =>
  Object.keys(triggers).filter((name) => triggers[name]?.polling !== undefined);

/** Sends a keeper to every polling trigger that somebody waits for and that has none. */
export async function keepPolls(parts: KeepPollsParts): Promise<void> {
  for (const connector of parts.connectors) {
    for (let after: string | null = null; ; ) {
      const tenants: readonly string[] = await parts.storage.listTenants({ after, limit: pageSize, connector });
      for (const tenant of tenants) await keepTenantPolls(parts, tenant);
      after = tenants.at(-1) ?? null;
      if (tenants.length < pageSize) break;
    }
  }
}

/** The same for one tenant, after something of it was changed. */
export async function keepTenantPolls(parts: KeepPollsParts, tenant: string): Promise<void> {
  if (parts.connectors.length === 0) return;
  const configuration = await parts.cache.recent(tenant, trustedFor);
  for (const { id: connection, value } of configuration.connections) {
    if (value.status === 'disconnected' || value.status === 'initializing') continue;
    const connector = parts.connectors.includes(value.connector) ? parts.registry.findFor(value) : undefined;
    for (const trigger of connector ? polledTriggers(connector) : []) {
      const place = { tenant, connection, connector: value.connector, trigger };
      if (parts.isAwaited(configuration, place)) await sendKeeper(parts, pollKeeper(place), await parts.storage.now());
    }
  }
}
