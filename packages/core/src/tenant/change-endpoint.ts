import type { Row } from '../contracts/configuration-store.ts';
import type { EndpointRecord } from '../contracts/webhook-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { alignEndpointGate } from '../webhooks/outbound/align-endpoint-gate.ts';
import { endpointRow } from './endpoint-row.ts';
import type { TenantScope } from './tenant-services.ts';

/** Races that are tried again before they are given up. */
export const endpointWriteTries = 20;

/** Changes an endpoint as it is now; a change that answers `null` is made already. Throws `not_found` and `conflict`. */
export async function changeEndpoint(
  scope: TenantScope,
  reference: string,
  change: (row: Row<'endpoint'>) => EndpointRecord | null | Promise<EndpointRecord | null>,
): Promise<Row<'endpoint'>> {
  const { tenant, storage, cache, configuration } = scope;
  for (let tries = 0; tries < endpointWriteTries; tries += 1) {
    const row = await endpointRow(scope, reference);
    const value = await change(row);
    const { id, name, version: expect } = row;
    const verdict = value === null ? null : await configuration.write(tenant, [{ put: 'endpoint', id, name, expect, value }]);
    if (verdict?.status === 'conflict') continue;
    cache.forget(tenant);
    await alignEndpointGate({ store: storage.configuration, gates: storage.gates }, { tenant, id });
    return value === null ? row : { ...row, value, version: row.version + 1 };
  }
  throw endpointBusy();
}

/** Others keep changing it. */
export function endpointBusy(): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: 'The endpoint is being changed by others at the same time. Try again.',
    retryable: true,
  });
}
