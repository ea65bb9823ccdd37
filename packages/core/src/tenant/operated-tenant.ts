import { listConnections } from '../connections/list-connections.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { type ConfiguredConnector, configuredConnectors } from './configured-connectors.ts';
import { connectionRow } from './connection-row.ts';
import { connectionsApi } from './connections-api.ts';
import { type DeadLetter, deadLetters } from './dead-letters.ts';
import { type DisconnectManyRequest, disconnectMany } from './disconnect-many.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import { recordAct } from './record-act.ts';
import { replayMany } from './replay-many.ts';
import type { ReplayManyRequest } from './replay-many-request.ts';
import type { ReplayManyResult } from './replay-tally.ts';
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
  /** For which connectors the tenant has set something, and no value of it. */
  configurations(): Promise<readonly ConfiguredConnector[]>;
  /** Closes a connection's lane until it is resumed: what is due waits and uses no attempt. */
  pause(connection: string): Promise<void>;
  resume(connection: string): Promise<void>;
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
    configurations: () => afterRecord('list_configurations', () => configuredConnectors(scope)),
    pause: async (reference: string) => pauseLanes(scope, [await onConnection('pause', reference)]),
    resume: async (reference: string) => resumeLanes(scope, [await onConnection('resume', reference)]),
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
  return meant.filter(hasNotEnded).length;
}

const laneOf = ({ id }: Row<'connection'>, tenant: string) => ({ tenant, lane: `connection:${id}`, reason: 'paused' as const });

async function pauseLanes({ tenant, storage }: TenantScope, connections: Connections): Promise<void> {
  await storage.gates.close(connections.map((row) => ({ ...laneOf(row, tenant), forMs: null })));
}

async function resumeLanes({ tenant, storage, queue }: TenantScope, connections: Connections): Promise<void> {
  await storage.gates.open(connections.map((row) => laneOf(row, tenant)));
  // A lost wake-up costs a poll interval, so its failure is nobody's business.
  await queue.wake({}).catch(() => undefined);
}
