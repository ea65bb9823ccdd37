import { alignGate } from '../connections/align-gate.ts';
import { type Connection, toConnection } from '../connections/connection.ts';
import { listConnections } from '../connections/list-connections.ts';
import { type ConnectionInput, type PutConnectionOptions, putConnection } from '../connections/put-connection.ts';
import { requireApp } from '../connections/require-app.ts';
import { type ConnectionChanges, updateConnection } from '../connections/update-connection.ts';
import type { ConnectorCategory } from '../connector/manifest.ts';
import type { ConnectionStatus } from '../contracts/configuration-store.ts';
import { credentialCheck } from '../gateway/credential-check.ts';
import { reachesTheSame } from '../gateway/reaches-the-same.ts';
import { checkConnectionName } from './check-connection-name.ts';
import { type ConnectionHealth, checkHealth } from './check-health.ts';
import { checkStatus } from './check-status.ts';
import { connectionRow } from './connection-row.ts';
import { type ConnectionScopes, connectionScopes, noticeMissingScopes } from './connection-scopes.ts';
import { disconnectConnection } from './disconnect-connection.ts';
import { admit, requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which connections to list. */
export interface ConnectionFilter {
  readonly connector?: string;
  readonly category?: ConnectorCategory;
  readonly status?: ConnectionStatus;
  readonly owner?: string;
}

/** A tenant's connections. A reference is an id, `{connector}/{name}`, or a name that only one connection has. */
export interface ConnectionsApi {
  /** Connects an account, or brings the connection of this name up to date; the same content changes nothing. */
  put(name: string, input: ConnectionInput): Promise<Connection>;
  get(reference: string): Promise<Connection>;
  list(filter?: ConnectionFilter): Promise<readonly Connection[]>;
  /** Changes what is said of it, and leaves the credential; settings that would send the credential elsewhere are refused. */
  update(reference: string, changes: ConnectionChanges): Promise<Connection>;
  /** Asks the service whether the credential works. */
  test(reference: string): Promise<ConnectionHealth>;
  /** What was granted beside what is enabled on it: what to ask for, and what is missing. */
  scopes(reference: string): Promise<ConnectionScopes>;
  /**
   * Ends it at once: its credential is deleted, its webhooks are refused, what waits for it stays until it is put again. A grant of OAuth is taken back
   * at its service too, afterwards and until the service has answered, where the connector says how.
   */
  disconnect(reference: string): Promise<Connection>;
}

const statuses: Readonly<Record<ConnectionStatus, true>> = {
  initializing: true,
  active: true,
  token_expired: true,
  token_invalid: true,
  disconnected: true,
  error: true,
};

/** The connections part of a tenant's handle. */
export function connectionsApi(scope: TenantScope): ConnectionsApi {
  const { tenant, storage, configuration, cache, registry, clock, notify, vault, generateId } = scope;
  const align = (id: string) => alignGate({ store: storage.configuration, gates: storage.gates }, tenant, id);
  return {
    async put(name, input) {
      await scope.ready();
      checkConnectionName(name);
      const connector = registry.get(input.connector);
      const check = credentialCheck(scope.gateway, connector.definition);
      const checkCredential: PutConnectionOptions['checkCredential'] = (credential, settings) => {
        check(credential, settings);
        return requireApp(scope.connect, { tenant, connector }, credential);
      };
      if (connector.manifest.category === 'custom') await requireFeature(scope, 'custom_connectors');
      const admitted = (rowName: string) => admit(scope, 'connections', rowName);
      const options = { store: configuration, vault, generateId, now: () => clock.now(), checkCredential, admit: admitted };
      const { row, changed, isNew } = await putConnection(options, { tenant, name, connector }, input);
      if (changed) cache.forget(tenant);
      // Also where nothing has changed: an earlier put may have ended between its two writes.
      if (!isNew) await align(row.id);
      if (!changed) return toConnection(row);
      if (row.value.grantedScopes !== undefined) await noticeMissingScopes(scope, ({ id }) => id === row.id);
      notify('connection.connected', {
        tenant,
        connectionId: row.id,
        connectorId: connector.id,
        externalAccountId: row.value.externalAccountId,
        at: clock.now(),
      });
      return toConnection(row);
    },
    get: async (reference) => {
      return toConnection(await connectionRow(scope, reference));
    },
    async list(filter = {}) {
      await scope.ready();
      checkStatus({ of: 'connection', status: filter.status, known: statuses });
      const rows = await listConnections(storage.configuration, tenant);
      return rows
        .map(toConnection)
        .filter((connection) => fits(connection, filter, registry.find(connection.connector)?.manifest.category));
    },
    async update(reference, changes) {
      const found = await connectionRow(scope, reference);
      const connector = registry.get(found.value.connector);
      const options = { store: configuration, reachesTheSame: reachesTheSame(connector.definition) };
      const { row, changed } = await updateConnection(options, { tenant, id: found.id, connector }, changes);
      if (!changed) return toConnection(row);
      cache.forget(tenant);
      await noticeMissingScopes(scope, ({ id }) => id === row.id);
      return toConnection(row);
    },
    async test(reference) {
      return checkHealth(scope, await connectionRow(scope, reference));
    },
    async scopes(reference) {
      const row = await connectionRow(scope, reference);
      return connectionScopes(scope, await cache.read(tenant, { fresh: true }), row);
    },
    async disconnect(reference) {
      return toConnection(await disconnectConnection(scope, await connectionRow(scope, reference)));
    },
  };
}

function fits(connection: Connection, filter: ConnectionFilter, category: ConnectorCategory | undefined): boolean {
  return (
    (filter.connector === undefined || filter.connector === connection.connector) &&
    (filter.status === undefined || filter.status === connection.status) &&
    (filter.owner === undefined || filter.owner === connection.owner) &&
    (filter.category === undefined || filter.category === category)
  );
}
