import { connectionRowName } from '../configuration/tenant-configuration.ts';
import { alignGate } from '../connections/align-gate.ts';
import { type BeginConnectInput, type BegunConnect, beginConnect } from '../connections/begin-connect.ts';
import { type CompleteConnectInput, completeConnect } from '../connections/complete-connect.ts';
import type { Connection } from '../connections/connection.ts';
import { type AppInput, putApp } from '../connections/put-app.ts';
import type { ConnectorSite } from '../connector/oauth2-auth.ts';
import type { AppEndpoints } from '../contracts/configuration-records.ts';
import type { Row, RowPage } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { checkConnectionName } from './check-connection-name.ts';
import { isName } from './check-text.ts';
import { noticeMissingScopes } from './connection-scopes.ts';
import { chooseConnectionSite, connectionSites, type SiteInput } from './connection-sites.ts';
import { connectorToPut } from './connector-to-put.ts';
import { disconnectMany } from './disconnect-many.ts';
import { accountLookUp } from './look-up-account.ts';
import { notFound } from './not-found.ts';
import { tellDeprecations } from './tell-deprecations.ts';
import { admit, requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';
import { viewConnection } from './view-connections.ts';

/** A tenant's own app registration as the host sees it. It holds no secret. */
export interface App {
  readonly id: string;
  readonly connector: string;
  readonly clientId: string;
  /** What to enter at the service. */
  readonly redirectUri: string;
  /** Where they differ from the connector's. */
  readonly endpoints: AppEndpoints | null;
  /** Counts the changes from 1. */
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A connection that was just connected. */
export interface ConnectedAccount {
  readonly connection: Connection;
  /** Scopes that were asked for and not given: actions that need them are refused. */
  readonly missingScopes: readonly string[];
  /**
   * Sites that the permission reaches, where the person has to choose one of several: until `chooseSite` the connection is `initializing`. Empty
   * where there is nothing to choose.
   */
  readonly sites: readonly ConnectorSite[];
}

/** Connecting accounts with OAuth. */
export interface OAuthApi {
  /** Begins to connect an account. Send the person to the `url`, in the browser in which they are signed in to the host's app. */
  beginConnect(input: BeginConnectInput): Promise<BegunConnect>;
  /** Completes it when the person has come back to `returnTo`, under the host's own session. */
  completeConnect(input: CompleteConnectInput): Promise<ConnectedAccount>;
  /** The sites that the grant of a connection reaches now, asked of its service. */
  sites(connection: string): Promise<readonly ConnectorSite[]>;
  /** Has a connection be to one of them, also when it was to another. */
  chooseSite(input: SiteInput): Promise<Connection>;
  /** Ends every connection of a connector, whatever its credential: here at once, at the service afterwards. Answers how many. */
  revokeAll(connector: string): Promise<{ readonly disconnected: number }>;
  /** Where the service sends people back to with the host's own app: enter it at the service. */
  redirectUri(connector: string): string;
  /** Puts the tenant's own app registration, which is used instead of the host's; the same content changes nothing. */
  putApp(input: AppInput): Promise<App>;
  listApps(): Promise<readonly App[]>;
  /** Takes the tenant's own registration away. Connections that were made with it can no longer be renewed. */
  removeApp(connector: string): Promise<void>;
}

/** Longest name of a host user, UTF-16 units. */
const longestUser = 200;

/** The OAuth part of a tenant's handle. */
export function oauthApi(scope: TenantScope): OAuthApi {
  const { tenant, storage, configuration, cache, registry, connect, publicUrl } = scope;
  const view = ({ id, version, value }: Row<'app'>): App => {
    const { connector, clientId, endpoints, createdAt } = value;
    return { id, connector, clientId, redirectUri: `${publicUrl}/oauth/callback/${id}`, endpoints, version, createdAt };
  };
  return {
    async beginConnect(input) {
      await scope.ready();
      checkConnectionName(input.name);
      checkUser(input.hostUser);
      const connector = await connectorToPut(scope, { name: input.name, connector: input.connector, major: input.major });
      if (connector.manifest.category === 'custom') await requireFeature(scope, 'custom_connectors');
      // Nobody is sent to a service for a place that there is not; it is taken when they come back.
      await admit(scope, 'connections', connectionRowName(connector.id, input.name));
      return beginConnect(connect, { tenant, connector }, input);
    },
    async completeConnect(input) {
      await scope.ready();
      checkUser(input.hostUser);
      const completing = completeConnect(
        { ...connect, lookUp: accountLookUp(scope), admit: (rowName) => admit(scope, 'connections', rowName) },
        tenant,
        input,
      );
      const { row, isNew, missingScopes, sites } = await counted(scope, completing);
      cache.forget(tenant);
      if (!isNew || sites.length > 0) await alignGate({ store: storage.configuration, gates: storage.gates }, tenant, row.id);
      if (sites.length > 0) return { connection: await viewConnection(scope, row), missingScopes, sites };
      tellConnected(scope, row);
      await tellDeprecations(scope);
      await noticeMissingScopes(scope, ({ id }) => id === row.id);
      return { connection: await viewConnection(scope, row), missingScopes, sites };
    },
    sites: (connection) => connectionSites(scope, connection),
    chooseSite: (input) => chooseConnectionSite(scope, input),
    revokeAll: (connector) => revokeAll(scope, connector),
    redirectUri: (connector) => `${publicUrl}/oauth/callback/${registry.get(connector).id}`,
    async putApp(input) {
      await scope.ready();
      return view(await putApp(connect, { tenant, connector: registry.get(input.connector) }, input));
    },
    async listApps() {
      await scope.ready();
      const apps: App[] = [];
      for (let cursor: string | null = null; ; ) {
        const page: RowPage<'app'> = await storage.configuration.list(tenant, 'app', { cursor, limit: 500 });
        apps.push(...page.rows.map(view));
        cursor = page.cursor;
        if (cursor === null) return apps;
      }
    },
    async removeApp(connector) {
      await scope.ready();
      for (let tries = 0; tries < 5; tries += 1) {
        const row = await storage.configuration.find(tenant, 'app', registry.get(connector).id);
        if (!row) throw notFound('app registration');
        const verdict = await configuration.write(tenant, [{ delete: 'app', id: row.id, expect: row.version }]);
        if (verdict.status === 'written') return;
      }
      throw new PatchbayError({
        code: 'conflict',
        message: 'The app registration is being changed by others. Try again.',
        retryable: true,
      });
    },
  };
}

async function revokeAll(scope: TenantScope, connector: string): Promise<{ readonly disconnected: number }> {
  const { id } = scope.registry.get(connector);
  return { disconnected: await disconnectMany(scope, { connector: id }) };
}

/** Counts whether an account was connected, for the rate of those that are. */
async function counted<Result>({ tenant, health }: TenantScope, completing: Promise<Result>): Promise<Result> {
  const result = await completing.catch((error: unknown) => {
    health.outcomes.add(tenant, 'connect', false);
    throw error;
  });
  health.outcomes.add(tenant, 'connect', true);
  return result;
}

function tellConnected({ tenant, notify, clock }: TenantScope, row: Row<'connection'>): void {
  const { connector, externalAccountId } = row.value;
  notify('connection.connected', { tenant, connectionId: row.id, connectorId: connector, externalAccountId, at: clock.now() });
}

function checkUser(hostUser: string): void {
  if (isName(hostUser) && hostUser.length <= longestUser) return;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `hostUser is not text of 1 to ${longestUser} characters. Pass the id of the person who is signed in to your app.`,
  });
}
