import type { Grant, RefreshOptions } from './refresh-options.ts';

/** The grant of a connection as the store has it now; `null` where it is not active or has no credential. */
export async function readGrant(
  { store, vault }: Pick<RefreshOptions, 'store' | 'vault'>,
  tenant: string,
  id: string,
): Promise<Grant | null> {
  const held = await store.find(tenant, 'credential', id);
  const connection = await store.get(tenant, 'connection', id);
  if (!held || connection?.value.status !== 'active' || held.value.secretVersion !== connection.value.secretVersion) return null;
  return { connection, held, credential: await vault.open(tenant, held) };
}
