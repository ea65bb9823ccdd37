import { awaitsSite } from './holds-place.ts';
import type { Grant, RefreshOptions } from './refresh-options.ts';

/** Times that somebody may renew or put the credential between the two reads. */
const readTries = 5;

/** The grant of a connection as the store has it now; `null` where it has ended or has no credential that is its last one. */
export async function readGrant(
  { store, vault }: Pick<RefreshOptions, 'vault'> & { readonly store: Pick<RefreshOptions['store'], 'find' | 'get'> },
  tenant: string,
  id: string,
): Promise<Grant | null> {
  for (let tries = 0; tries < readTries; tries += 1) {
    const held = await store.find(tenant, 'credential', id);
    const connection = await store.get(tenant, 'connection', id);
    // One that a look found unhealthy has a good credential, which is kept good.
    const isUsed = connection && (['active', 'error'].includes(connection.value.status) || awaitsSite(connection.value));
    if (!held || !isUsed) return null;
    // Two reads see what one write changes together as half of it: a grant that was renewed just now has not ended.
    if (held.value.secretVersion !== connection.value.secretVersion) continue;
    return { connection, held, credential: await vault.open(tenant, held) };
  }
  return null;
}
