import { type Act, toEntry } from '../audit/recorder.ts';
import type { TenantScope } from './tenant-services.ts';

/** Records an act that changes nothing of its own in the store, before it is done: where the record fails, it is not done. */
export const recordAct = ({ tenant, storage, recorder }: TenantScope, act: Act): Promise<void> =>
  storage.audit.append(tenant, [toEntry(act, recorder)]);
