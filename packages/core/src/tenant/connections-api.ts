import { connectionRowName } from '../configuration/tenant-configuration.ts';
import { alignGate } from '../connections/align-gate.ts';
import { tellStatus } from '../connections/change-status.ts';
import type { Connection } from '../connections/connection.ts';
import type { ConnectionInput } from '../connections/connection-input.ts';
import { type PutConnectionOptions, putConnection } from '../connections/put-connection.ts';
import { requireApp } from '../connections/require-app.ts';
import { type ConnectionChanges, updateConnection } from '../connections/update-connection.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { credentialCheck } from '../gateway/credential-check.ts';
import type { RateLimitStatus } from '../gateway/limits/limit-status.ts';
import { reachesTheSame } from '../gateway/reaches-the-same.ts';
import type { LoggedCheck } from '../health/check-log.ts';
import { askToReconnect, type ReconnectAsked, type ReconnectRequest } from './ask-to-reconnect.ts';
import { type BreakerStatus, breakerStatus } from './breaker-status.ts';
import { checkConnectionName } from './check-connection-name.ts';
import { type CheckedCredential, checkNewCredential } from './check-credential.ts';
import { type ConnectionHealth, checkHealth } from './check-health.ts';
import { connectionRow } from './connection-row.ts';
import { type ConnectionScopes, connectionScopes, noticeMissingScopes } from './connection-scopes.ts';
import { connectorToPut } from './connector-to-put.ts';
import { disconnectConnection } from './disconnect-connection.ts';
import { type HealthHistoryRequest, healthHistory } from './health-history.ts';
import { type HealthSummary, type HealthSummaryRequest, healthSummary } from './health-summary.ts';
import { type HealthView, healthView } from './health-view.ts';
import { type MigrationReport, type MigrationRequest, migrateConnection } from './migrate-connection.ts';
import { allConnections, type ConnectionFilter, pageConnections } from './page-connections.ts';
import { type PauseRequest, pauseConnection, resumeConnection } from './pause-connection.ts';
import { rateLimitStatus } from './rate-limit-status.ts';
import type { ListOptions, Page } from './read-cursor.ts';
import { recordAct } from './record-act.ts';
import { type RotationInput, rollBack, rotateCredential } from './rotate-credential.ts';
import { tellDeprecations } from './tell-deprecations.ts';
import { admit, requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';
import { viewConnection } from './view-connections.ts';

/** A tenant's connections. A reference is an id, `{connector}/{name}`, or a name that only one connection has. */
export interface ConnectionsApi {
  /** Connects an account, or brings the connection of this name up to date; the same content changes nothing. */
  put(name: string, input: ConnectionInput): Promise<Connection>;
  get(reference: string): Promise<Connection>;
  list(filter?: ConnectionFilter): Promise<readonly Connection[]>;
  /** The same page by page. A page may hold fewer than its limit: go on until its cursor is `null`. */
  page(request?: ConnectionFilter & ListOptions): Promise<Page<Connection>>;
  /** Changes what is said of it, and leaves the credential; settings that would send the credential elsewhere are refused. */
  update(reference: string, changes: ConnectionChanges): Promise<Connection>;
  /**
   * Puts a new credential in the place of the one that it has, once the service has taken it. What is under way ends with the one before, which is
   * kept for `overlapMs` and then forgotten. Throws as `put` does, `authentication_failed`, `conflict` for a credential of another account, and `unsupported` for OAuth.
   */
  rotate(reference: string, input: RotationInput): Promise<Connection>;
  /** Brings back the credential before the last one, while it is kept; the last one is forgotten. Throws `credential_missing`. */
  rollBack(reference: string): Promise<Connection>;
  /**
   * Asks the service whether the credential works. The answer is kept as `lastCheck`, fills in the account where none is known, and moves the
   * status: a credential that is refused twice in a row becomes `token_invalid`, an account that cannot be used `error`, and what works again `active`.
   */
  test(reference: string): Promise<ConnectionHealth>;
  /**
   * How its limits stand: what its service's answers have told, what its connector declares, what the host has set. Asks the store, never the service.
   */
  rateLimitStatus(reference: string): Promise<readonly RateLimitStatus[]>;
  /** What was granted beside what is enabled on it: what to ask for, and what is missing. */
  scopes(reference: string): Promise<ConnectionScopes>;
  /** Which of its hosts have been failing, so that nothing is sent to them for a while. One that works has no breaker. */
  breakerStatus(reference: string): Promise<readonly BreakerStatus[]>;
  /**
   * Closes its breakers, so that calls go out again; other processes hear of it within five seconds. Answers how many were open. A host that still
   * fails opens it anew.
   */
  resetBreaker(reference: string): Promise<number>;
  /**
   * Ends it at once: its credential is deleted, its webhooks are refused, what waits for it stays until it is put again. A grant of OAuth is taken back
   * at its service too, afterwards and until the service has answered, where the connector says how.
   */
  disconnect(reference: string): Promise<Connection>;
  /**
   * Moves it to another major of its connector, higher or lower, once everything that goes through it has been looked at; `dryRun` answers the same and
   * changes nothing. What was planned before is executed by the major before. Throws `migration_refused`, which lists all that keeps it where it is.
   */
  migrate(reference: string, request: MigrationRequest): Promise<MigrationReport>;
  /** How it is: score, trend and warning, the last look, success and event, what keeps it back. From what all processes have seen. */
  health(reference: string): Promise<HealthView>;
  /** How all of them are, by counts and rates. */
  healthSummary(request?: HealthSummaryRequest): Promise<HealthSummary>;
  /** The looks at its service, the newest first, for as long as they are kept. A page may hold fewer than its limit. */
  healthHistory(reference: string, request?: HealthHistoryRequest): Promise<Page<LoggedCheck>>;
  /**
   * Nothing more goes out through it until it is resumed, after a restart too: what is due waits and uses no attempt, and direct requests are refused
   * with `connection_paused`. Webhooks come in, unless asked otherwise.
   */
  pause(reference: string, request?: PauseRequest): Promise<void>;
  /** Throws `conflict` for one that an operator has paused. */
  resume(reference: string): Promise<void>;
  /** Asks for a person to connect the account again: the host sees it as `reconnectAsked` until the connection has another credential. */
  askToReconnect(reference: string, request: ReconnectRequest): Promise<ReconnectAsked>;
}

/** The connections part of a tenant's handle. */
export function connectionsApi(scope: TenantScope): ConnectionsApi {
  const { tenant, storage, configuration, cache, registry, clock, notify, vault, generateId } = scope;
  const align = (id: string) => alignGate({ store: storage.configuration, gates: storage.gates }, tenant, id);
  return {
    async put(name, input) {
      await scope.ready();
      checkConnectionName(name);
      const connector = await connectorToPut(scope, { name, connector: input.connector, major: input.major });
      const check = credentialCheck(scope.gateway, connector.definition);
      const checkCredential: PutConnectionOptions['checkCredential'] = (credential, settings) => {
        check(credential, settings);
        return requireApp(scope.connect, { tenant, connector }, credential);
      };
      if (connector.manifest.category === 'custom') await requireFeature(scope, 'custom_connectors');
      const admitted = (rowName: string) => admit(scope, 'connections', rowName);
      const looked = input.check === true ? await lookFirst(scope, { name, connector }, input) : undefined;
      const { remindDays } = scope.connect;
      const base = { store: configuration, vault, generateId, now: () => clock.now(), checkCredential, admit: admitted, remindDays };
      const options = looked === undefined ? base : { ...base, looked };
      const { before, row, changed, isNew } = await putConnection(options, { tenant, name, connector }, input);
      if (changed) cache.forget(tenant);
      // Also where nothing has changed: an earlier put may have ended between its two writes.
      if (!isNew || row.value.status !== 'active') await align(row.id);
      await scope.schedules.keepPolls(tenant);
      if (!changed) return viewConnection(scope, row);
      await tellDeprecations(scope);
      if (row.value.grantedScopes !== undefined) await noticeMissingScopes(scope, ({ id }) => id === row.id);
      notify('connection.connected', {
        tenant,
        connectionId: row.id,
        connectorId: connector.id,
        externalAccountId: row.value.externalAccountId,
        at: clock.now(),
      });
      tellAccount(scope, before, row);
      return viewConnection(scope, row);
    },
    get: async (reference) => {
      return viewConnection(scope, await connectionRow(scope, reference));
    },
    list: async (filter = {}) => allConnections(scope, filter),
    page: async (request = {}) => pageConnections(scope, request),
    async update(reference, changes) {
      const found = await connectionRow(scope, reference);
      const connector = registry.getFor(found.value);
      const { remindDays } = scope.connect;
      const options = { store: configuration, reachesTheSame: reachesTheSame(connector.definition), now: () => clock.now(), remindDays };
      const { before, row, changed } = await updateConnection(options, { tenant, id: found.id, connector }, changes);
      if (!changed) return viewConnection(scope, row);
      cache.forget(tenant);
      if (row.value.status !== before.value.status) {
        await align(row.id);
        tellStatus(scope, { tenant, row: before, to: row.value.status, reason: 'recovered' });
      }
      tellAccount(scope, before, row);
      await noticeMissingScopes(scope, ({ id }) => id === row.id);
      return viewConnection(scope, row);
    },
    async rotate(reference, input) {
      return viewConnection(scope, await rotateCredential(scope, await connectionRow(scope, reference), input));
    },
    async rollBack(reference) {
      return viewConnection(scope, await rollBack(scope, await connectionRow(scope, reference)));
    },
    rateLimitStatus: (reference) => rateLimitStatus(scope, reference),
    async test(reference) {
      return checkHealth(scope, await connectionRow(scope, reference));
    },
    async scopes(reference) {
      const row = await connectionRow(scope, reference);
      return connectionScopes(scope, await cache.read(tenant, { fresh: true }), row);
    },
    async breakerStatus(reference) {
      return breakerStatus(scope, await connectionRow(scope, reference));
    },
    async resetBreaker(reference) {
      const row = await connectionRow(scope, reference);
      await recordAct(scope, { action: 'connection.reset_breaker', object: { type: 'connection', id: row.id }, connection: row.id });
      return scope.breakers.reset(tenant, row);
    },
    async disconnect(reference) {
      return viewConnection(scope, await disconnectConnection(scope, await connectionRow(scope, reference)));
    },
    migrate: (reference, request) => migrateConnection(scope, reference, request),
    health: async (reference) => healthView(scope, await connectionRow(scope, reference)),
    healthSummary: async (request = {}) => healthSummary(scope, request),
    healthHistory: async (reference, request = {}) => healthHistory(scope, await connectionRow(scope, reference), request),
    async pause(reference, request = {}) {
      const row = await connectionRow(scope, reference);
      await recordAct(scope, { action: 'connection.pause', object: { type: 'connection', id: row.id }, connection: row.id });
      await pauseConnection(scope, row, request);
    },
    async resume(reference) {
      const row = await connectionRow(scope, reference);
      await recordAct(scope, { action: 'connection.resume', object: { type: 'connection', id: row.id }, connection: row.id });
      await resumeConnection(scope, row);
    },
    askToReconnect: async (reference, request) => askToReconnect(scope, await connectionRow(scope, reference), request),
  };
}

/** Looks with the credential before anything is stored. */
async function lookFirst(
  scope: TenantScope,
  { name, connector }: { readonly name: string; readonly connector: Connector },
  { credential, settings = {}, externalAccount }: ConnectionInput,
): Promise<CheckedCredential> {
  const existing = await scope.storage.configuration.find(scope.tenant, 'connection', connectionRowName(connector.id, name));
  const account = externalAccount?.id ?? existing?.value.externalAccountId ?? null;
  return checkNewCredential(scope, { connector, credential, settings, existing, account });
}

/** Tells that the host has named another account than the one that was known. */
function tellAccount({ tenant, notify, clock }: TenantScope, before: Row<'connection'> | null, { id, value }: Row<'connection'>): void {
  const { connector: connectorId, externalAccountId: to } = value;
  const from = before?.value.externalAccountId ?? null;
  if (from === null || from === to) return;
  notify('connection.account_changed', { tenant, connectionId: id, connectorId, from, to, at: clock.now() });
}
