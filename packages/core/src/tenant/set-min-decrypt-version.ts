import { countSealedBelow } from '../connections/count-sealed.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { keyCacheMs } from '../vault/create-vault.ts';
import type { KeyVersions } from '../vault/tenant-keys.ts';
import type { TenantScope } from './tenant-services.ts';

/**
 * Sets the least version whose values open. Raising it is refused with `conflict` while a value is sealed under an older version, or while a
 * process may still hold the version before as its newest; what was written in between is counted afterwards, and the change taken back.
 */
export async function setMinDecryptVersion(scope: TenantScope, version: number): Promise<KeyVersions> {
  await scope.ready();
  const { tenant, tenantKeys, storage, vault } = scope;
  const count = (): Promise<number> => countSealedBelow({ store: storage.configuration, vault }, tenant, version);
  const { minDecryptVersion, destroyed } = await tenantKeys.list(tenant);
  const isRaised = !destroyed && version > minDecryptVersion;
  if (isRaised) {
    const age = await tenantKeys.ageOf(tenant, version);
    if (age < keyCacheMs) throw tooYoung(keyCacheMs - age);
    refuseOlder(await count(), version);
  }
  const before = await tenantKeys.setMinimum(tenant, version);
  const late = isRaised ? await count() : 0;
  if (late > 0) await tenantKeys.setMinimum(tenant, before);
  refuseOlder(late, version);
  return tenantKeys.list(tenant);
}

function refuseOlder(count: number, version: number): void {
  if (count === 0) return;
  throw new PatchbayError({
    code: 'conflict',
    message: `${count} of the tenant's values are sealed under a data key older than version ${version}. Rewrap first; put again what does not open.`,
    details: { count },
  });
}

function tooYoung(waitMs: number): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: `Other processes may seal under the version before for ${Math.ceil(waitMs / 1_000)} seconds more. Rewrap after that, then try again.`,
    retryable: true,
    retryAfterMs: Math.ceil(waitMs),
  });
}
