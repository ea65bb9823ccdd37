import { findConnectionRow } from '../connections/find-connection.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { isReference } from './check-text.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/**
 * The connection that a host names: by id, by `{connector}/{name}`, or by a name that only one of the tenant's connections has. Throws
 * `not_found`, the same for what is absent, deleted, malformed or another tenant's, and `invalid_argument` for an ambiguous name.
 */
export async function connectionRow(scope: TenantScope, reference: string): Promise<Row<'connection'>> {
  await scope.ready();
  if (!isReference(reference)) throw notFound('connection');
  return findConnectionRow(scope.storage.configuration, scope.tenant, reference);
}
