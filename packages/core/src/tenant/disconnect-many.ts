import { alignGate } from '../connections/align-gate.ts';
import { endedRecord } from '../connections/disconnect.ts';
import type { Change } from '../contracts/configuration-store.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { disconnectConnection, type Ending, takeBack, takesGrantsBack } from './disconnect-connection.ts';
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

/**
 * Ends all connections of a tenant, or those of one connector: here first, batch by batch, then at their services through the ledger. Answers how many
 * it has ended. May be repeated after a fault: what has ended stays so.
 */
export async function disconnectMany(scope: TenantScope, { connector, signal }: DisconnectManyRequest): Promise<number> {
  await scope.ready();
  const ended: Ending[] = [];
  let count = 0;
  try {
    for (let look = 0; look < mostLooks; look += 1) {
      const open = await openOnes(scope, connector);
      if (open.length === 0) break;
      const { registered = [], others = [] } = Object.groupBy(open, hasRegistered);
      for (let first = 0; first < others.length && !signal?.aborted; first += batchSize)
        count += await endBatch(scope, others.slice(first, first + batchSize), ended);
      for (let first = 0; first < registered.length && !signal?.aborted; first += revokedAtOnce)
        count += await endRegistered(scope, registered.slice(first, first + revokedAtOnce));
      if (signal?.aborted) break;
    }
    await alignLanes(scope, connector);
  } finally {
    // Nobody finds a grant again once its connection has ended, so what fails afterwards keeps none back.
    await takeAllBack(scope, ended);
  }
  return count;
}

const hasRegistered = ({ connection: { value } }: Ending): 'registered' | 'others' =>
  value.registrationsDueAt === undefined ? 'others' : 'registered';

async function openOnes({ tenant, storage }: TenantScope, connector: string | undefined): Promise<readonly Ending[]> {
  const { rows } = await storage.configuration.snapshot(tenant, ['connection', 'credential']);
  const sealed = Map.groupBy(rows.credential ?? [], ({ value }) => value.connection);
  return (rows.connection ?? [])
    .map((connection) => ({ connection, sealed: sealed.get(connection.id) ?? [] }))
    .filter(({ connection: { value }, sealed }) => value.status !== 'disconnected' || sealed.length > 0)
    .filter(({ connection: { value } }) => connector === undefined || value.connector === connector);
}

/** Ends a batch, answers how many it has ended, and notes whose grants are left to be taken back. */
async function endBatch(scope: TenantScope, batch: readonly Ending[], ended: Ending[]): Promise<number> {
  const { tenant, configuration, storage, cache, vault, notify, clock } = scope;
  const write = configuration.write(tenant, batch.flatMap(changesOf));
  const { status } = await write.catch(async (error: unknown) => {
    ended.push(...(await endedAllTheSame(scope, batch)));
    throw error;
  });
  if (status === 'conflict') return endOneByOne(scope, batch);
  ended.push(...batch);
  cache.forget(tenant);
  for (const { connection } of batch) vault.forget(tenant, connection.id);
  await storage.gates.close(
    batch.map(({ connection }) => ({ tenant, lane: `connection:${connection.id}`, reason: 'connection', forMs: null })),
  );
  for (const { connection } of batch)
    notify('connection.disconnected', { tenant, connectionId: connection.id, connectorId: connection.value.connector, at: clock.now() });
  return batch.length;
}

/** Where somebody else changes one of a batch, they end one by one, to the last step; one that cannot be ended keeps no other back. */
async function endOneByOne(scope: TenantScope, batch: readonly Ending[]): Promise<number> {
  const faults: unknown[] = [];
  let count = 0;
  for (const { connection } of batch) {
    try {
      await disconnectConnection(scope, connection);
      count += 1;
    } catch (error) {
      // One that was begun and never connected may be gone by now.
      if (!isPatchbayError(error) || error.code !== 'not_found') faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
  return count;
}

/** Ends connections that have webhooks at their services, which are taken away with each: side by side, because one service may be slow. */
async function endRegistered(scope: TenantScope, some: readonly Ending[]): Promise<number> {
  const done = await Promise.allSettled(some.map((ending) => endOneByOne(scope, [ending])));
  const fault = done.find((one) => one.status === 'rejected');
  if (fault) throw fault.reason;
  return done.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0);
}

/** Those that have ended although the answer to their write was lost; none where the store does not say. */
async function endedAllTheSame(scope: TenantScope, batch: readonly Ending[]): Promise<readonly Ending[]> {
  const left = await openOnes(scope, undefined).catch(() => batch);
  const open = new Set(left.map(({ connection }) => connection.id));
  return batch.filter(({ connection }) => !open.has(connection.id));
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

async function takeAllBack(scope: TenantScope, ended: readonly Ending[]): Promise<void> {
  const granted: Ending[] = [];
  for (const [, alike] of Map.groupBy(ended, ({ connection: { value } }) => `${value.connector}@${value.major ?? ''}`)) {
    const [first] = alike;
    // Where it cannot be told, the ledger asks.
    if (first && (await takesGrantsBack(scope, first.connection.value).catch(() => true))) granted.push(...alike);
  }
  const faults: unknown[] = [];
  for (let first = 0; first < granted.length; first += revokedAtOnce) {
    const done = await Promise.allSettled(granted.slice(first, first + revokedAtOnce).map((ending) => takeBack(scope, ending)));
    faults.push(...done.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])));
  }
  if (faults.length > 0) throw faults[0];
}
