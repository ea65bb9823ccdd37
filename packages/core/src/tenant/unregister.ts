import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { removalDispatch } from '../webhooks/inbound/removal.ts';
import { forgetDeliveries } from './deliveries-so-far.ts';
import { noteEnding } from './ended-registrations.ts';
import { handOver } from './hand-over.ts';
import { notFound } from './not-found.ts';
import { registrationUrl } from './registration-services.ts';
import type { TenantScope } from './tenant-services.ts';

/** The registration of an id. Throws `not_found`, the same for what is absent, malformed or another tenant's. */
export async function registrationRow(scope: TenantScope, id: string): Promise<Row<'registration'>> {
  await scope.ready();
  const row = isUuid(id) ? await scope.storage.configuration.get(scope.tenant, 'registration', id) : null;
  if (!row) throw notFound('registration');
  return row;
}

/**
 * Ends a registration: here at once, and at the provider, where the hub has made it, through the ledger afterwards. A process that is lost between the
 * two leaves it there, where `reconcile` lists it as unknown.
 */
export async function unregister(scope: TenantScope, id: string): Promise<void> {
  const { tenant, configuration, cache, generateId } = scope;
  for (let tries = 0; tries < 5; tries += 1) {
    const row = await registrationRow(scope, id);
    await noteEnding(scope, { id: row.id, connector: row.value.connector });
    const verdict = await configuration.write(tenant, [{ delete: 'registration', id: row.id, expect: row.version }]);
    cache.forget(tenant);
    if (verdict.status !== 'written') continue;
    const removal = removalDispatch({ tenant, root: generateId(), id: row.id, url: registrationUrl(scope, row), value: row.value });
    if (removal) await handOver(scope, removal);
    await forgetDeliveries(scope, row.id);
    return;
  }
  throw changedMeanwhile();
}

/** Others change the same registration, time after time. */
export function changedMeanwhile(): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: 'The registration is being changed by others at the same time. Try again.',
    retryable: true,
  });
}
