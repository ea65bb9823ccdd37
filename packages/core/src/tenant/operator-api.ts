import { listConnections } from '../connections/list-connections.ts';
import type { ConnectionStatus, Row } from '../contracts/configuration-store.ts';
import type { Gate } from '../contracts/control-stores.ts';
import { formatDispatchId } from '../contracts/dispatch-id.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { checkActor } from './check-actor.ts';
import { isName } from './check-text.ts';
import { type ConfiguredConnector, configuredConnectors } from './configured-connectors.ts';
import { connectionRow } from './connection-row.ts';
import { connectionsApi } from './connections-api.ts';
import { createScope } from './create-scope.ts';
import { actionOf } from './dispatch-view.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import { recordAct } from './record-act.ts';
import { replayMany } from './replay-many.ts';
import type { ReplayManyRequest } from './replay-many-request.ts';
import type { ReplayManyResult } from './replay-tally.ts';
import { retryMany } from './retry-many.ts';
import type { RetryManyRequest } from './retry-many-request.ts';
import type { RetryManyResult } from './retry-tally.ts';
import type { TenantScope, TenantServices } from './tenant-services.ts';

/** Who looks after tenants, and why just now; both stand in every record. */
export interface OperatorOptions {
  /** The person, as the host calls them; 1 to 200 characters. */
  readonly actor: string;
  /** 1 to 200 characters, such as the number of a ticket. */
  readonly reason: string;
}

/** How a tenant is: counts and what is closed. */
export interface TenantHealth {
  readonly tenant: string;
  /** Connections by status; a status that none has is left out. */
  readonly connections: { readonly [Status in ConnectionStatus]?: number };
  readonly gates: readonly Pick<Gate, 'lane' | 'reason' | 'until'>[];
}

/** A dead dispatch as an operator sees it: no input, no output, no message of a service. */
export interface DeadLetter {
  readonly id: string;
  readonly eventId: string;
  /** Full name of the action; `null` for what is none. */
  readonly action: string | null;
  readonly connection: string | null;
  readonly attempts: number;
  /** Code of the last error. */
  readonly code: string | null;
  /** Milliseconds since 1970. */
  readonly finishedAt: number | null;
}

/** What an operator may do to one tenant. Nothing of it shows a payload, a credential or a value of the configuration. */
export interface OperatedTenant {
  readonly id: string;
  health(): Promise<TenantHealth>;
  /** Newest first. */
  deadLetters(page?: ListOptions): Promise<Page<DeadLetter>>;
  /** For which connectors the tenant has set something, and no value of it. */
  configurations(): Promise<readonly ConfiguredConnector[]>;
  /** Closes a connection's lane until it is resumed: what is due waits and uses no attempt. */
  pause(connection: string): Promise<void>;
  resume(connection: string): Promise<void>;
  /** Ends one connection. */
  disconnect(connection: string): Promise<void>;
  /** Ends all connections, or those of one connector; answers how many had not ended. It may be repeated after a fault. */
  disconnectAll(filter?: { readonly connector?: string }): Promise<number>;
  retryMany(request?: RetryManyRequest): Promise<RetryManyResult>;
  replayMany(request: ReplayManyRequest): Promise<ReplayManyResult>;
}

/** The second way in, for who looks after tenants. Every look and act is recorded in the tenant's chain before it is done. */
export interface OperatorHandle {
  /** Throws `tenant_missing`. */
  tenant(id: string): OperatedTenant;
}

/** Makes an operator's handle. Throws `invalid_argument` for an actor or a reason that is none. */
export function createOperatorHandle(services: TenantServices, { actor: id, reason }: OperatorOptions): OperatorHandle {
  const actor = checkActor({ kind: 'operator', id });
  if (!isName(reason))
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'An operator says why: a reason of 1 to 200 characters without control characters.',
    });
  return Object.freeze({
    tenant: (tenant: string) => operatedTenant(createScope(services, tenant, { actor, remarks: { reason } })),
  });
}

function operatedTenant(scope: TenantScope): OperatedTenant {
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
    health: () => afterRecord('look_health', () => healthOf(scope)),
    deadLetters: (page: ListOptions = {}) => afterRecord('list_dead_letters', () => deadLetters(scope, page)),
    configurations: () => afterRecord('list_configurations', () => configuredConnectors(scope)),
    async pause(reference: string) {
      await scope.storage.gates.close([{ ...laneOf(await onConnection('pause', reference), tenant), forMs: null }]);
    },
    async resume(reference: string) {
      await scope.storage.gates.open([laneOf(await onConnection('resume', reference), tenant)]);
      // A lost wake-up costs a poll interval, so its failure is nobody's business.
      await scope.queue.wake({}).catch(() => undefined);
    },
    async disconnect(reference: string) {
      const { id } = await onConnection('disconnect', reference);
      await connectionsApi(scope).disconnect(id);
    },
    disconnectAll: (filter: { readonly connector?: string } = {}) => afterRecord('disconnect_all', () => disconnectAll(scope, filter)),
    retryMany: (request: RetryManyRequest = {}) => afterRecord('retry_many', () => retryMany(scope, request)),
    replayMany: (request: ReplayManyRequest) => afterRecord('replay_many', () => replayMany(scope, request)),
  });
}

const laneOf = ({ id }: Row<'connection'>, tenant: string) => ({ tenant, lane: `connection:${id}`, reason: 'paused' as const });

async function healthOf({ tenant, storage }: TenantScope): Promise<TenantHealth> {
  const connections: { [Status in ConnectionStatus]?: number } = {};
  for (const { value } of await listConnections(storage.configuration, tenant))
    connections[value.status] = (connections[value.status] ?? 0) + 1;
  const gates = (await storage.gates.list(tenant)).map(({ lane, reason, until }) => ({ lane, reason, until }));
  return { tenant, connections, gates };
}

async function deadLetters({ tenant, storage }: TenantScope, page: ListOptions): Promise<Page<DeadLetter>> {
  const { items, cursor } = await storage.history.dispatches(tenant, { status: 'dead' }, pageRequest(page));
  const letters = items.map((record) => ({
    ...{ id: formatDispatchId(record.key), eventId: record.key.root, action: actionOf(record), connection: record.connection },
    ...{ attempts: record.attempts, code: record.error?.code ?? null, finishedAt: record.finishedAt },
  }));
  return { items: letters, cursor };
}

async function disconnectAll(scope: TenantScope, { connector }: { readonly connector?: string }): Promise<number> {
  const rows = await listConnections(scope.storage.configuration, scope.tenant);
  const open = rows.filter(({ value }) => value.status !== 'disconnected' && (connector === undefined || value.connector === connector));
  for (const { id } of open) await connectionsApi(scope).disconnect(id);
  return open.length;
}
