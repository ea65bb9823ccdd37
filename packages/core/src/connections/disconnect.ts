import type { ConfigurationStore, ConnectionRecord, Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { namedSecretsRow } from './named-secrets.ts';

/** Races that are tried again before they are given up. */
const writeTries = 20;

/**
 * Ends a connection at once: its credential and named secrets are deleted and its status is `disconnected` in one write. Its history stays; putting it
 * again brings it back under the same id. Answers the row as it is afterwards and the credential that was deleted: one that was read before may have been
 * renewed since. `changed` is false where it had ended before.
 */
export async function disconnect(
  store: ConfigurationStore,
  tenant: string,
  id: string,
): Promise<{ readonly row: Row<'connection'>; readonly held: Row<'credential'> | null; readonly changed: boolean }> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await store.get(tenant, 'connection', id);
    if (!row)
      throw new PatchbayError({
        code: 'not_found',
        message: "There is no such connection. List the tenant's connections to see what there is.",
      });
    const [held = null, named = null] = await Promise.all([id, namedSecretsRow(id)].map((name) => store.find(tenant, 'credential', name)));
    const sealed = [held, named].filter((found) => found !== null);
    if (row.value.status === 'disconnected' && sealed.length === 0) return { row, held, changed: false };
    const value = endedRecord(row.value);
    const verdict = await store.write(tenant, [
      { put: 'connection', id, name: row.name, expect: row.version, value },
      ...sealed.map((found) => ({ delete: 'credential' as const, id: found.id, expect: found.version })),
    ]);
    if (verdict.status === 'written') return { row: { ...row, version: row.version + 1, value }, held, changed: true };
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The connection is being changed by others at the same time. Try again.',
    retryable: true,
  });
}

/** The record of a connection that has ended: what was said of its credential goes with it. */
export function endedRecord(record: ConnectionRecord): ConnectionRecord {
  const { statusReason: _, credentialExpiresAt: __, remindedDays: ___, previousUntil: ____, dueAt: _____, ...rest } = record;
  return { ...rest, status: 'disconnected' };
}
