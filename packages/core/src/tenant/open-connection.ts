import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { type GatewaySession, openSession } from '../gateway/open-session.ts';
import type { TenantScope } from './tenant-services.ts';

/** Opens a use of a connection outside the ledger: a health check, a request of the host. Throws `credential_missing` where it is not active. */
export async function openConnection(
  scope: TenantScope,
  row: Row<'connection'>,
  limits: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<GatewaySession> {
  const { tenant, registry, storage, vault, gateway, clock } = scope;
  const connector = registry.get(row.value.connector);
  const credential = await storage.configuration.find(tenant, 'credential', row.id);
  if (!credential || row.value.status !== 'active') {
    throw new PatchbayError({
      code: 'credential_missing',
      message: 'The connection is not active, so nothing was sent. Connect the account again.',
      sent: 'no',
    });
  }
  const opened = await vault.open(tenant, credential);
  const end = clock.monotonic() + limits.timeoutMs;
  return openSession(gateway, {
    tenant,
    connection: row,
    definition: connector.definition,
    credential: opened,
    signal: limits.signal,
    deadline: () => end,
    key: null,
  });
}
