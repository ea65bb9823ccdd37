import type { ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { listConnections } from './list-connections.ts';

/**
 * The connection that a host names: by id, by `{connector}/{name}`, or by a name that only one of the tenant's connections has.
 * Throws `not_found`, the same for what is absent, deleted or another tenant's, and `invalid_argument` for an ambiguous name.
 */
export async function findConnectionRow(store: ConfigurationStore, tenant: string, reference: string): Promise<Row<'connection'>> {
  const exact = isUuid(reference) ? await store.get(tenant, 'connection', reference) : await store.find(tenant, 'connection', reference);
  if (exact) return exact;
  const named = (await listConnections(store, tenant)).filter((row) => row.value.name === reference);
  const [only] = named;
  if (only && named.length === 1) return only;
  if (named.length > 1) {
    const choices = named.map((row) => row.name).join(', ');
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `Several connections have the name ${reference}: ${choices}. Name one of these.`,
    });
  }
  throw new PatchbayError({
    code: 'not_found',
    message: "There is no such connection. List the tenant's connections to see what there is.",
  });
}
