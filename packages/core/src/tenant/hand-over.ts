import type { NewDispatch } from '../contracts/dispatch-records.ts';
import type { TenantScope } from './tenant-services.ts';

/** Hands one dispatch that no event asked for over to the ledger, which does it however often it takes. */
export async function handOver({ tenant, publisher, cache }: TenantScope, dispatch: NewDispatch): Promise<void> {
  await publisher.ingest({ tenant, root: dispatch.key.root, dedupe: null, event: null }, async (fresh) => {
    const { revision } = await cache.read(tenant, { fresh });
    return { revision, considered: [], runs: [], dispatches: [dispatch] };
  });
}
