import type { Row } from '../contracts/configuration-store.ts';
import { isUuid } from '../id/is-uuid.ts';
import { isReference } from './check-text.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** The endpoint of a name or an id. Throws `not_found`. */
export async function endpointRow(scope: TenantScope, reference: string): Promise<Row<'endpoint'>> {
  const { configuration } = scope.storage;
  await scope.ready();
  const row = isUuid(reference)
    ? await configuration.get(scope.tenant, 'endpoint', reference)
    : isReference(reference)
      ? await configuration.find(scope.tenant, 'endpoint', reference)
      : null;
  if (!row) throw notFound('endpoint');
  return row;
}
