import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { TenantScope } from './tenant-services.ts';

/** The endpoint that a delivery of the tenant's went to. Throws `conflict` where it was deleted: whatever is sent to it again would end at once. */
export async function requireEndpoint({ tenant, storage }: TenantScope, id: string): Promise<Row<'endpoint'>> {
  const row = await storage.configuration.get(tenant, 'endpoint', id);
  if (row) return row;
  throw new PatchbayError({
    code: 'conflict',
    message: 'The endpoint of the delivery was deleted, so nothing can be delivered to it. Put an endpoint and replay the events to it.',
  });
}
