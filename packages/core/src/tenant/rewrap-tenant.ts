import { type RewrapProgress, rewrapSealed } from '../connections/rewrap-sealed.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { TenantScope } from './tenant-services.ts';

/** How a rewrap is done. */
export interface RewrapOptions {
  /** What an earlier call answered. @default the first row */
  readonly cursor?: string | null;
  /** Rows that one call looks at, at most. @default all */
  readonly limit?: number;
  /** Ends the call between two pages; what it has come to is answered with a cursor. @default none */
  readonly signal?: AbortSignal;
  /** Told after each page of 50 rows how far the call has come. What it throws ends the call. @default nobody */
  readonly onProgress?: (progress: RewrapProgress) => void;
}

/** What became of a rewrap. */
export interface RewrapResult extends RewrapProgress {
  /** Versions of the data key that were wrapped anew under the provider's active key. */
  readonly keysRewrapped: number;
}

/**
 * Wraps the tenant's data keys under the provider's active key and seals everything anew under the newest one. Throws `invalid_argument`,
 * `vault_key_destroyed`, and what the store and the key provider reject with: a call goes on where it is repeated.
 */
export async function rewrapTenant(scope: TenantScope, options: RewrapOptions = {}): Promise<RewrapResult> {
  await scope.ready();
  const { tenant, configuration, vault, tenantKeys, cache } = scope;
  const { cursor = null, limit = Number.MAX_SAFE_INTEGER, signal, onProgress } = options;
  if (!Number.isSafeInteger(limit) || limit < 1) throw invalid('The limit of a rewrap is a whole number from 1 up.');
  if (cursor !== null && typeof cursor !== 'string') throw invalid('The cursor of a rewrap is what an earlier rewrap answered.');
  const keysRewrapped = await tenantKeys.rewrapKeys(tenant);
  const { active, destroyed } = await tenantKeys.list(tenant);
  if (destroyed)
    throw new PatchbayError({
      code: 'vault_key_destroyed',
      message: "The tenant's data keys have been destroyed, so there is nothing to rewrap.",
    });
  // A rotation elsewhere may be seconds old: what is sealed from here on is sealed under the version that was just read, or a later one.
  vault.forgetKeys(tenant);
  const request = { tenant, version: active ?? 1, cursor, limit, signal, onProgress };
  const progress = await rewrapSealed({ store: configuration, vault }, request);
  cache.forget(tenant);
  return { ...progress, keysRewrapped };
}

const invalid = (message: string): PatchbayError => new PatchbayError({ code: 'invalid_argument', message });
