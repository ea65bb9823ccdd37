import { listConnections } from '../connections/list-connections.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { RateLimitStatus } from '../gateway/limits/limit-status.ts';
import { askToReconnect, type ReconnectRequest } from './ask-to-reconnect.ts';
import { type ConfiguredConnector, configuredConnectors } from './configured-connectors.ts';
import { connectionRow } from './connection-row.ts';
import { connectionsApi } from './connections-api.ts';
import { type DeadLetter, deadLetters } from './dead-letters.ts';
import { type DeprecatedUse, deprecatedUses } from './deprecated-uses.ts';
import { type DisconnectManyRequest, disconnectMany } from './disconnect-many.ts';
import { type ErrorFilter, type ErrorGroup, listErrors } from './errors-api.ts';
import { type HealthSummary, type HealthSummaryRequest, healthSummary } from './health-summary.ts';
import { type HealthView, healthView } from './health-view.ts';
import { type PauseRequest, pauseConnection, pauseLanes, resumeConnection, resumeLanes, setInbound } from './pause-connection.ts';
import { rateLimitStatus } from './rate-limit-status.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import { recordAct } from './record-act.ts';
import { replayMany } from './replay-many.ts';
import type { ReplayManyRequest } from './replay-many-request.ts';
import type { ReplayManyResult } from './replay-tally.ts';
import { listRequests, type RequestEntry, type RequestFilter } from './requests-api.ts';
import { retryMany } from './retry-many.ts';
import type { RetryManyRequest } from './retry-many-request.ts';
import type { RetryManyResult } from './retry-tally.ts';
import { type TenantHealth, tenantHealth } from './tenant-health.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which connections of a tenant are meant. */
export interface ConnectorFilter {
  /** @default those of all connectors */
  readonly connector?: string;
}

/** What an operator may do to one tenant. Nothing of it shows a payload, a credential or a value of the configuration. */
export interface OperatedTenant {
  readonly id: string;
  health(filter?: ConnectorFilter): Promise<TenantHealth>;
  /** Newest first. */
  deadLetters(page?: ListOptions): Promise<Page<DeadLetter>>;
  /** What was asked of services in the tenant's name: no value of a path, no query, no body. Newest first. */
  requests(filter?: RequestFilter & ListOptions): Promise<Page<RequestEntry>>;
  /** What goes wrong for the tenant, those errors together that are alike; the most frequent first. */
  errors(filter?: ErrorFilter): Promise<readonly ErrorGroup[]>;
  /** For which connectors the tenant has set something, and no value of it. */
  configurations(): Promise<readonly ConfiguredConnector[]>;
  /** Which of its connections and enabled automations use what goes away. */
  deprecations(filter?: ConnectorFilter): Promise<readonly DeprecatedUse[]>;
  /** How the rate limits of a connection stand. */
  rateLimitStatus(connection: string): Promise<readonly RateLimitStatus[]>;
  /** How its connections are, and how connecting, renewing and delivering goes. */
  healthSummary(request?: HealthSummaryRequest): Promise<HealthSummary>;
  /** How one connection is. */
  connectionHealth(connection: string): Promise<HealthView>;
  /** Nothing more goes out through a connection until an operator resumes it: what is due waits and uses no attempt. */
  pause(connection: string, request?: PauseRequest): Promise<void>;
  resume(connection: string): Promise<void>;
  /** Closes the breakers of a connection; answers how many were open. */
  resetBreaker(connection: string): Promise<number>;
  /** Asks for a person of the tenant's to connect the account again. */
  askToReconnect(connection: string, request: Pick<ReconnectRequest, 'message'>): Promise<void>;
  /** Pauses every connection that has not ended, as it is now; answers how many those are. */
  pauseAll(filter?: ConnectorFilter): Promise<number>;
  /** Resumes them, and those that have ended since; answers how many have not ended. */
  resumeAll(filter?: ConnectorFilter): Promise<number>;
  /** Ends one connection. */
  disconnect(connection: string): Promise<void>;
  /** Ends all connections, or those of one connector; answers how many had not ended. It may be repeated after a fault. */
  disconnectAll(request?: DisconnectManyRequest): Promise<number>;
  retryMany(request?: RetryManyRequest): Promise<RetryManyResult>;
  replayMany(request: ReplayManyRequest): Promise<ReplayManyResult>;
}

/** One tenant as an operator works on it: every look and act is recorded in the tenant's chain before it is done. */
export function operatedTenant(scope: TenantScope): OperatedTenant {
  const { tenant } = scope;
  const record = (verb: string, object = { type: 'tenant', id: tenant }, connection: string | null = null): Promise<void> =>
    recordAct(scope, { action: `operator.${verb}`, object, connection });
  const onConnection = async (verb: string, reference: string): Promise<Row<'connection'>> => {
    const row = await connectionRow(scope, reference);
    await record(verb, { type: 'connection', id: row.id }, row.id);
    return row;
  };
  const afterRecord = async <Result>(verb: string, act: () => Promise<Result>): Promise<Result> => {
    await scope.ready();
    await record(verb);
    return act();
  };
  return Object.freeze({
    id: tenant,
    health: (filter: ConnectorFilter = {}) => afterRecord('look_health', () => tenantHealth(scope, filter)),
    deadLetters: (page: ListOptions = {}) => afterRecord('list_dead_letters', () => deadLetters(scope, pageRequest(page))),
    requests: (filter: RequestFilter & ListOptions = {}) => afterRecord('list_requests', () => listRequests(scope, filter)),
    errors: (filter: ErrorFilter = {}) => afterRecord('list_errors', () => listErrors(scope, filter)),
    configurations: () => afterRecord('list_configurations', () => configuredConnectors(scope)),
    deprecations: ({ connector }: ConnectorFilter = {}) =>
      afterRecord('list_deprecations', async () => {
        const uses = deprecatedUses(scope.registry, await scope.cache.current(tenant));
        return uses.filter((use) => connector === undefined || use.connector === connector);
      }),
    rateLimitStatus: async (reference: string) => rateLimitStatus(scope, (await onConnection('look_rate_limits', reference)).id),
    resetBreaker: async (reference: string) => scope.breakers.reset(tenant, await onConnection('reset_breaker', reference)),
    pause: async (reference: string, request: PauseRequest = {}) => pauseConnection(scope, await onConnection('pause', reference), request),
    resume: async (reference: string) => resumeConnection(scope, await onConnection('resume', reference)),
    async askToReconnect(reference: string, { message }: Pick<ReconnectRequest, 'message'>) {
      await askToReconnect(scope, await onConnection('ask_to_reconnect', reference), { message });
    },
    healthSummary: (request: HealthSummaryRequest = {}) => afterRecord('look_health_summary', () => healthSummary(scope, request)),
    connectionHealth: async (reference: string) => healthView(scope, await onConnection('look_connection_health', reference)),
    pauseAll: (filter: ConnectorFilter = {}) => afterRecord('pause_all', () => pauseAll(scope, filter)),
    resumeAll: (filter: ConnectorFilter = {}) => afterRecord('resume_all', () => resumeAll(scope, filter)),
    async disconnect(reference: string) {
      const { id } = await onConnection('disconnect', reference);
      await connectionsApi(scope).disconnect(id);
    },
    disconnectAll: (request: DisconnectManyRequest = {}) => afterRecord('disconnect_all', () => disconnectMany(scope, request)),
    retryMany: (request: RetryManyRequest = {}) => afterRecord('retry_many', () => retryMany(scope, request)),
    replayMany: (request: ReplayManyRequest) => afterRecord('replay_many', () => replayMany(scope, request)),
  });
}

type Connections = readonly Row<'connection'>[];

/** Lanes that are opened or closed in one call of the store. */
const lanesAtOnce = 500;

const hasNotEnded = ({ value }: Row<'connection'>): boolean => value.status !== 'disconnected';

async function connectionsOf({ tenant, storage }: TenantScope, { connector }: ConnectorFilter): Promise<Connections> {
  const all = await listConnections(storage.configuration, tenant);
  return all.filter(({ value }) => connector === undefined || value.connector === connector);
}

async function pauseAll(scope: TenantScope, filter: ConnectorFilter): Promise<number> {
  const meant = (await connectionsOf(scope, filter)).filter(hasNotEnded);
  for (let first = 0; first < meant.length; first += lanesAtOnce) await pauseLanes(scope, meant.slice(first, first + lanesAtOnce));
  return meant.length;
}

/** Those that have ended since they were paused, too: put again, they would wait for ever. */
async function resumeAll(scope: TenantScope, filter: ConnectorFilter): Promise<number> {
  const meant = await connectionsOf(scope, filter);
  for (let first = 0; first < meant.length; first += lanesAtOnce) await resumeLanes(scope, meant.slice(first, first + lanesAtOnce));
  for (const row of meant) await setInbound(scope, row, false);
  return meant.filter(hasNotEnded).length;
}
