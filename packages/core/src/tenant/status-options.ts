import type { ChangeStatusOptions } from '../connections/change-status.ts';
import type { TenantScope } from './tenant-services.ts';

/** What a change of a connection's status needs, by whoever acts through the scope. */
export function statusOptions({ configuration, storage, notify, clock }: TenantScope): ChangeStatusOptions {
  return { store: configuration, gates: storage.gates, notify, clock };
}
