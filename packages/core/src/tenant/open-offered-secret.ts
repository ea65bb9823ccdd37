import type { Row } from '../contracts/configuration-store.ts';
import { isOffered } from '../webhooks/inbound/offered-secret.ts';
import type { TenantScope } from './tenant-services.ts';

/** The secret that a service has offered to a registration, for the person who enters it there; `null` where none waits. */
export async function openOfferedSecret(
  { tenant, vault }: Pick<TenantScope, 'tenant' | 'vault'>,
  { id, value }: Row<'registration'>,
): Promise<string | null> {
  const offered = value.secrets.find(isOffered);
  if (!offered) return null;
  const secret = await vault.openSecret({ tenant, registration: id, id: offered.id }, offered.sealed);
  return secret.reveal('webhook-verification');
}
