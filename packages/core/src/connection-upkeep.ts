import { systemActor } from './audit/actors.ts';
import type { ChangeStatusOptions } from './connections/change-status.ts';
import { keepConnections } from './connections/keep-connections.ts';
import { createStorageUpkeep, type StorageUpkeep, type StorageUpkeepOptions } from './storage-upkeep.ts';
import { checkHealth } from './tenant/check-health.ts';
import { createScope } from './tenant/create-scope.ts';
import { keepRegistrations } from './tenant/keep-registrations.ts';
import type { TenantServices } from './tenant/tenant-services.ts';

/** Milliseconds between two looks at what is due, over all processes. */
const everyMs = 60_000;

/** What looking after connections is made of. */
export interface ConnectionUpkeepParts
  extends Omit<TenantServices, 'restartConnector' | 'ready' | 'hostEvents'>,
    Pick<StorageUpkeepOptions, 'logger' | 'holder'> {
  /** The connections' status, as the hub itself changes it. */
  readonly status: ChangeStatusOptions & { readonly store: Parameters<typeof keepConnections>[0]['store'] };
}

/** Looks after the connections of all tenants: one process at a time, every minute, where any is due. */
export function createConnectionUpkeep(parts: ConnectionUpkeepParts): StorageUpkeep {
  const { status, connect, storage, clock, logger, holder } = parts;
  // It begins when the hub is ready.
  const services: TenantServices = { ...parts, ready: async () => undefined, restartConnector: async () => undefined, hostEvents: {} };
  const maintain = (): Promise<void> =>
    keepConnections({
      ...status,
      remindDays: connect.remindDays,
      async lookAgain(tenant, row) {
        await checkHealth(createScope(services, tenant, { actor: systemActor }), row);
      },
      keepRegistrations: (tenant, row) => keepRegistrations(createScope(services, tenant, { actor: systemActor }), row),
    });
  const figures = { name: 'connection-upkeep', everyMs, lookMs: everyMs };
  return createStorageUpkeep({ storage: { leases: storage.leases, maintain }, clock, logger, holder, figures });
}

/** Several as one. */
export function joinUpkeeps(upkeeps: readonly StorageUpkeep[]): StorageUpkeep {
  const all = async (act: (upkeep: StorageUpkeep) => Promise<void>): Promise<void> => {
    await Promise.all(upkeeps.map(act));
  };
  return {
    start() {
      for (const upkeep of upkeeps) upkeep.start();
    },
    stop: () => all((upkeep) => upkeep.stop()),
    work: () => all((upkeep) => upkeep.work()),
  };
}
