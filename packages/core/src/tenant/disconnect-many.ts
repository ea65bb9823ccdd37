import { alignGate } from '../connections/align-gate.ts';
import { endedRecord } from '../connections/disconnect.ts';
import type { Change, Row } from '../contracts/configuration-store.ts';
import { disconnectConnection, openGrant, revokeGrant, takesGrantsBack } from './disconnect-connection.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which connections of a tenant end. */
export interface DisconnectManyRequest {
  /** @default those of all connectors */
  readonly connector?: string;
  /** Ends the call between two batches; what it has ended stays so. @default none */
  readonly signal?: AbortSignal;
}

/** Connections that end in one write: one transaction each, so that nobody else who configures the tenant waits long. */
const batchSize = 100;

/** Looks at what is left, where others connect meanwhile. */
const mostLooks = 5;

/** Grants that are handed over for taking back at a time. */
const revokedAtOnce = 16;

interface Ending {
  readonly connection: Row<'connection'>;
  /** Its credential and named secrets. */
  readonly sealed: readonly Row<'credential'>[];
}

/**
 * Ends all connections of a tenant, or those of one connector: here first, batch by batch, then at their services through the ledger. Answers how many
 * it has ended. May be repeated after a fault: what has ended stays so.
 */
export async function disconnectMany(scope: TenantScope, { connector, signal }: DisconnectManyRequest): Promise<number> {
  await scope.ready();
  const ended: Ending[] = [];
  let count = 0;
  for (let look = 0; look < mostLooks; look += 1) {
    const open = await openOnes(scope, connector);
    if (open.length === 0) break;
    for (let first = 0; first < open.length && !signal?.aborted; first += batchSize) {
      const batch = open.slice(first, first + batchSize);
      ended.push(...(await endBatch(scope, batch)));
      count += batch.length;
    }
    if (signal?.aborted) break;
  }
  await alignLanes(scope, connector);
  await takeBack(scope, ended);
  return count;
}

async function openOnes({ tenant, storage }: TenantScope, connector: string | undefined): Promise<readonly Ending[]> {
  const { rows } = await storage.configuration.snapshot(tenant, ['connection', 'credential']);
  const sealed = Map.groupBy(rows.credential ?? [], ({ value }) => value.connection);
  return (rows.connection ?? [])
    .map((connection) => ({ connection, sealed: sealed.get(connection.id) ?? [] }))
    .filter(({ connection: { value }, sealed }) => value.status !== 'disconnected' || sealed.length > 0)
    .filter(({ connection: { value } }) => connector === undefined || value.connector === connector);
}

/** What is left to be done for a batch that has ended. Where somebody else changes one of them, they end one by one, to the last step. */
async function endBatch(scope: TenantScope, batch: readonly Ending[]): Promise<readonly Ending[]> {
  const { tenant, configuration, storage, cache, vault, notify, clock } = scope;
  const { status } = await configuration.write(tenant, batch.flatMap(changesOf));
  if (status === 'conflict') {
    for (const { connection } of batch) await disconnectConnection(scope, connection);
    return [];
  }
  cache.forget(tenant);
  for (const { connection } of batch) vault.forget(tenant, connection.id);
  await storage.gates.close(
    batch.map(({ connection }) => ({ tenant, lane: `connection:${connection.id}`, reason: 'connection', forMs: null })),
  );
  for (const { connection } of batch)
    notify('connection.disconnected', { tenant, connectionId: connection.id, connectorId: connection.value.connector, at: clock.now() });
  return batch;
}

const changesOf = ({ connection, sealed }: Ending): readonly Change[] => [
  {
    put: 'connection',
    id: connection.id,
    name: connection.name,
    expect: connection.version,
    value: endedRecord(connection.value),
  },
  ...sealed.map(({ id, version }) => ({ delete: 'credential' as const, id, expect: version })),
];

/** Somebody may have put one again before its lane was closed, and an earlier call may have ended before it closed one. */
async function alignLanes({ tenant, storage }: TenantScope, connector: string | undefined): Promise<void> {
  const closed = new Set((await storage.gates.list(tenant)).filter(({ reason }) => reason === 'connection').map(({ lane }) => lane));
  const { rows } = await storage.configuration.snapshot(tenant, ['connection']);
  const meant = (rows.connection ?? []).filter(({ value }) => connector === undefined || value.connector === connector);
  for (const { id, value } of meant)
    if (closed.has(`connection:${id}`) === (value.status === 'active'))
      await alignGate({ store: storage.configuration, gates: storage.gates }, tenant, id);
}

async function takeBack(scope: TenantScope, ended: readonly Ending[]): Promise<void> {
  const connectors = [...new Set(ended.map(({ connection }) => connection.value.connector))];
  const taking = new Set<string>();
  for (const connector of connectors) if (await takesGrantsBack(scope, connector)) taking.add(connector);
  const granted = ended.filter(({ connection }) => taking.has(connection.value.connector));
  const faults: unknown[] = [];
  for (let first = 0; first < granted.length; first += revokedAtOnce) {
    const done = await Promise.allSettled(granted.slice(first, first + revokedAtOnce).map((ending) => takeBackOne(scope, ending)));
    faults.push(...done.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])));
  }
  // Nobody finds a grant again once its connection has ended, so one that cannot be handed over keeps no other back.
  if (faults.length > 0) throw faults[0];
}

async function takeBackOne(scope: TenantScope, { connection, sealed }: Ending): Promise<void> {
  const held = sealed.find(({ name }) => name === connection.id);
  const grant = held && (await openGrant(scope, held));
  // Opened for this once, it is not to stay in memory.
  scope.vault.forget(scope.tenant, connection.id);
  if (grant) await revokeGrant(scope, connection, grant);
}
