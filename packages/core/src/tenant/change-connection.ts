import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** Races that are tried again before they are given up. */
const writeTries = 20;

/** Changes a connection's record by who acts through the scope; `null` leaves it as it is. Throws `not_found` where it is gone, and `conflict`. */
export async function changeConnection(
  scope: TenantScope,
  id: string,
  change: (record: ConnectionRecord) => ConnectionRecord | null,
): Promise<Row<'connection'>> {
  const { tenant, storage, configuration, cache } = scope;
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await storage.configuration.get(tenant, 'connection', id);
    if (!row) throw notFound('connection');
    const value = change(row.value);
    if (value === null) return row;
    const verdict = await configuration.write(tenant, [{ put: 'connection', id, name: row.name, expect: row.version, value }]);
    if (verdict.status === 'conflict') continue;
    cache.forget(tenant);
    return { ...row, version: row.version + 1, value };
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The connection is being changed by others at the same time. Try again.',
    retryable: true,
  });
}
