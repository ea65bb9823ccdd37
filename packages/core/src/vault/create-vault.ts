import type { Clock } from '../clock/clock.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { createSecret } from '../secret/create-secret.ts';
import type { Secret } from '../secret/secret.ts';
import type { DataKey } from './data-key.ts';
import { DataKeys } from './data-keys.ts';
import { createEnvelopeCipher } from './envelope-cipher.ts';
import type { KeyProvider } from './key-provider.ts';
import { isDestroyed } from './key-ring.ts';
import { KeyRingCache } from './key-ring-cache.ts';
import { createRandomPool, type RandomBytes } from './random-bytes.ts';
import type { TenantKeyStore } from './tenant-key-store.ts';

/** The place that a secret belongs to. Sealed for one place, it opens in no other: every field is bound to the envelope. */
export interface SealContext {
  readonly tenant: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly field: string;
  readonly purpose: string;
  /** Raised with every new value, so that an older envelope does not pass for the current one. A whole number from 0 up. */
  readonly secretVersion: number;
}

/** What {@link createVault} is given. */
export interface VaultOptions {
  readonly keys: KeyProvider;
  readonly store: TenantKeyStore;
  readonly clock: Clock;
  /** @default the system's generator, fetched in blocks */
  readonly random?: RandomBytes;
  /** Tenants whose data keys are kept in memory. @default 1 000 */
  readonly cachedTenants?: number;
  /** Milliseconds that a data key is kept in memory, and works on while the store or the key provider is away. @default 300 000 */
  readonly cacheMs?: number;
  /**
   * Milliseconds after which the store is asked whether a tenant's data keys in memory still hold: how long another process goes on with keys
   * that were rotated or destroyed. @default 10 000, and never more than `cacheMs`
   */
  readonly checkMs?: number;
}

/** Seals and opens secrets of tenants. Every call names its tenant; there is no way in by the id of a secret alone. */
export interface Vault {
  /** Seals a text or bytes for a place. Makes the tenant's data key where there is none. */
  seal(context: SealContext, plaintext: Uint8Array | string): Promise<Uint8Array>;
  /** Opens a text. Rejects with `vault_sealed`, `vault_key_missing` or `vault_key_destroyed`. */
  open(context: SealContext, envelope: Uint8Array): Promise<Secret>;
  /** Opens bytes. Whoever takes them wipes them. */
  openBytes(context: SealContext, envelope: Uint8Array): Promise<Uint8Array>;
  /** The same value sealed anew for the same place, under the newest data key; its plaintext is wiped. Rejects with what `open` rejects with. */
  reseal(context: SealContext, envelope: Uint8Array): Promise<Uint8Array>;
  /** Version of the data key that an envelope was sealed under, as it says itself. Throws `vault_sealed` for what is no envelope. */
  versionOf(envelope: Uint8Array): number;
  /** Opens a text at once if the data key is in memory; undefined if it is not. Throws what `open` rejects with. */
  openCached(context: SealContext, envelope: Uint8Array): Secret | undefined;
  /**
   * Whether all of the tenant's data keys have been destroyed, as known within {@link VaultOptions.checkMs}: at once from memory, else from the
   * store. A store that is away answers false.
   */
  isDestroyed(tenant: string): boolean | Promise<boolean>;
  /** Drops a tenant's data keys from memory. */
  forget(tenant: string): void;
}

/** Longest time that a data key is in memory, milliseconds. */
export const keyCacheMs = 300_000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Makes a vault: key-encryption key, data key per tenant, key per envelope with commitment, place bound in. */
export function createVault(options: VaultOptions): Vault {
  const { keys, store, clock, random = createRandomPool() } = options;
  const ttlMs = options.cacheMs ?? keyCacheMs;
  const checkMs = Math.min(ttlMs, options.checkMs ?? 10_000);
  const cache = new KeyRingCache({ clock, size: options.cachedTenants ?? 1_000, ttlMs, checkMs });
  const dataKeys = new DataKeys({ keys, store, cache, random });
  const cipher = createEnvelopeCipher({ magic: 'PBV\u0001', label: 'patchbay/v1', random, now: clock.now });

  const openBytes = async (context: SealContext, bytes: Uint8Array): Promise<Buffer> => {
    const place = placeOf(context);
    const envelope = cipher.read(bytes);
    const name = { tenant: context.tenant, keyId: envelope.dekId, version: envelope.dekVersion };
    const key = dataKeys.cached(name) ?? (await dataKeys.find(name));
    return cipher.open({ inputKey: key.bytes, context: place, envelope });
  };
  const seal: Vault['seal'] = async (context, plaintext) => {
    const place = placeOf(context);
    if (typeof plaintext === 'string' && !plaintext.isWellFormed())
      throw invalid('The secret holds half of a surrogate pair. Seal it as bytes.');
    const { bytes, kekId, keyId, version }: DataKey = dataKeys.cachedActive(context.tenant) ?? (await dataKeys.active(context.tenant));
    return cipher.seal({ inputKey: bytes, kekId, dekId: keyId, dekVersion: version, context: place, plaintext });
  };
  return {
    seal,
    async reseal(context, envelope) {
      const plaintext = await openBytes(context, envelope);
      try {
        return await seal(context, plaintext);
      } finally {
        plaintext.fill(0);
      }
    },
    versionOf: (envelope) => cipher.read(envelope).dekVersion,
    open: async (context, envelope) => toSecret(await openBytes(context, envelope)),
    openBytes,
    openCached(context, bytes) {
      const place = placeOf(context);
      const envelope = cipher.read(bytes);
      const key = dataKeys.cached({ tenant: context.tenant, keyId: envelope.dekId, version: envelope.dekVersion });
      return key && toSecret(cipher.open({ inputKey: key.bytes, context: place, envelope }));
    },
    isDestroyed(tenant) {
      const ring = dataKeys.cachedRing(tenant);
      if (ring !== undefined) return isDestroyed(ring);
      return dataKeys.ring(tenant).then(isDestroyed, () => false);
    },
    forget: (tenant) => dataKeys.forget(tenant),
  };
}

/** The fields in the order in which they are bound. Checked first, so that a missing tenant never reaches the store. */
function placeOf({ tenant, objectType, objectId, field, purpose, secretVersion }: SealContext): readonly (string | number)[] {
  for (const text of [tenant, objectType, objectId, field, purpose]) {
    if (typeof text !== 'string' || text === '')
      throw invalid('A secret is sealed for a tenant, an object type, an object id, a field and a purpose. Name them all.');
  }
  return [tenant, objectType, objectId, field, purpose, secretVersion];
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}

function toSecret(plaintext: Buffer): Secret {
  try {
    return createSecret(utf8.decode(plaintext));
  } catch {
    throw new PatchbayError({
      code: 'vault_sealed',
      message: 'The sealed value is not text. Open it as bytes.',
      details: { reason: 'not_text' },
    });
  } finally {
    plaintext.fill(0);
  }
}
