import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import type { ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { namedSecretsRow } from './named-secrets.ts';

/** Races that are tried again before they are given up. */
const writeTries = 20;

/** The record of a connection that has ended: what was said of the credential goes with it. */
export function endedRecord(record: ConnectionRecord): ConnectionRecord {
  const { statusReason: _, credentialExpiresAt: __, remindedDays: ___, previousUntil: ____, dueAt: _____, ...rest } = record;
  const { inboundPausedAt: ______, reconnectAsked: _______, ...ended } = rest;
  return { ...ended, status: 'disconnected' };
}

/**
 * Ends a connection at once: its credential and named secrets are deleted and its status is `disconnected` in one write. Its history stays; putting it
 * again brings it back under the same id. Answers the row as it is afterwards, and what was deleted; `changed` is false where it had ended before.
 */
export async function disconnect(
  store: ConfigurationStore,
  tenant: string,
  id: string,
): Promise<{ readonly row: Row<'connection'>; readonly changed: boolean; readonly sealed: readonly Row<'credential'>[] }> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await store.get(tenant, 'connection', id);
    if (!row)
      throw new PatchbayError({
        code: 'not_found',
        message: "There is no such connection. List the tenant's connections to see what there is.",
      });
    const held = await Promise.all([id, namedSecretsRow(id)].map((name) => store.find(tenant, 'credential', name)));
    const sealed = held.filter((found) => found !== null);
    if (row.value.status === 'disconnected' && sealed.length === 0) return { row, changed: false, sealed };
    const value = endedRecord(row.value);
    const verdict = await store.write(tenant, [
      { put: 'connection', id, name: row.name, expect: row.version, value },
      ...sealed.map((found) => ({ delete: 'credential' as const, id: found.id, expect: found.version })),
    ]);
    if (verdict.status === 'written') return { row: { ...row, version: row.version + 1, value }, changed: true, sealed };
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The connection is being changed by others at the same time. Try again.',
    retryable: true,
  });
}
