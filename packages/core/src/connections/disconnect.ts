import type { ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/**
 * Ends a connection at once: its credential is deleted and its status is `disconnected` in one write. Its history stays; putting it
 * again brings it back under the same id. Answers the row as it is afterwards.
 */
export async function disconnect(store: ConfigurationStore, tenant: string, id: string): Promise<Row<'connection'>> {
  for (let tries = 0; tries < 5; tries += 1) {
    const row = await store.get(tenant, 'connection', id);
    if (!row)
      throw new PatchbayError({
        code: 'not_found',
        message: "There is no such connection. List the tenant's connections to see what there is.",
      });
    if (row.value.status === 'disconnected') return row;
    const credential = await store.find(tenant, 'credential', id);
    const verdict = await store.write(tenant, [
      { put: 'connection', id, name: row.name, expect: row.version, value: { ...row.value, status: 'disconnected' } },
      ...(credential ? [{ delete: 'credential' as const, id: credential.id, expect: credential.version }] : []),
    ]);
    if (verdict.status === 'written') return { ...row, value: { ...row.value, status: 'disconnected' } };
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The connection is being changed by others at the same time. Try again.',
    retryable: true,
  });
}
