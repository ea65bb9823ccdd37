import type { ConfigurationStore } from '../../contracts/configuration-store.ts';

/** Registrations remembered at once. */
const maximumRemembered = 10_000;

/** Looks up a registration's tenant and remembers it; what does not exist is not remembered, so that strangers fill no memory. */
export function createTenantLocator(
  store: Pick<ConfigurationStore, 'locateRegistration'>,
): (registration: string) => Promise<string | null> {
  const known = new Map<string, string>();
  return async (registration) => {
    const remembered = known.get(registration);
    if (remembered !== undefined) return remembered;
    const tenant = await store.locateRegistration(registration);
    if (tenant === null) return null;
    if (known.size >= maximumRemembered) known.clear();
    known.set(registration, tenant);
    return tenant;
  };
}
