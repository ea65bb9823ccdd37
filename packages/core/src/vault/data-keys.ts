import type { TenantKeyRecord } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { encodeAssociatedData } from './associated-data.ts';
import { DataKey, dataKeySize } from './data-key.ts';
import type { KeyProvider } from './key-provider.ts';
import type { KeyRing, KeyRingCache } from './key-ring-cache.ts';
import type { RandomBytes } from './random-bytes.ts';
import type { TenantKeyStore } from './tenant-key-store.ts';
import { frameWrappedKey, readWrappedKey } from './wrapped-key-frame.ts';

/** Which data key of a tenant an envelope names. */
export interface DataKeyName {
  readonly tenant: string;
  readonly keyId: string;
  readonly version: number;
}

/** What {@link DataKeys} is given. */
export interface DataKeysOptions {
  readonly keys: KeyProvider;
  readonly store: TenantKeyStore;
  readonly cache: KeyRingCache;
  readonly random: RandomBytes;
}

/** Finds the data keys of tenants: from the cache, else from the store and the key provider. Makes the first one of a tenant. */
export class DataKeys {
  readonly #options: DataKeysOptions;
  readonly #loading = new Map<string, Promise<KeyRing>>();
  readonly #beginning = new Map<string, Promise<KeyRing>>();
  readonly #unwrapping = new Map<TenantKeyRecord, Promise<DataKey>>();

  constructor(options: DataKeysOptions) {
    this.#options = options;
  }

  /** The key that seals from now on, if it is in the cache. */
  cachedActive(tenant: string): DataKey | undefined {
    const ring = this.#options.cache.get(tenant);
    const record = ring && newest(ring.records);
    return record && ring.unwrapped.get(record);
  }

  /** The named key, if it is in the cache. */
  cached({ tenant, keyId, version }: DataKeyName): DataKey | undefined {
    const ring = this.#options.cache.get(tenant);
    const record = ring?.records.find((candidate) => candidate.version === version && candidate.keyId === keyId);
    return record && ring?.unwrapped.get(record);
  }

  /** The key that seals from now on, made if the tenant has none. Rejects with `vault_key_destroyed` where all have been destroyed. */
  async active(tenant: string): Promise<DataKey> {
    const known = this.#options.cache.get(tenant) ?? (await this.#load(tenant));
    const ring = known.records.length > 0 ? known : await this.#begin(tenant);
    const record = newest(ring.records);
    if (record === undefined) throw destroyed();
    return await this.#unwrap({ tenant, ring, record });
  }

  /** The named key. Rejects with `vault_key_missing` or `vault_key_destroyed`. */
  async find(name: DataKeyName): Promise<DataKey> {
    const { tenant, keyId, version } = name;
    const named = (ring: KeyRing | undefined): TenantKeyRecord | undefined =>
      ring?.records.find((candidate) => candidate.version === version && candidate.keyId === keyId);
    const known = this.#options.cache.get(tenant);
    // Another process may have made a newer version since this ring was read.
    const ring = known !== undefined && named(known) !== undefined ? known : await this.#load(tenant);
    const record = named(ring);
    if (record === undefined) throw missing();
    if (record.wrapped === '') throw destroyed();
    return await this.#unwrap({ tenant, ring, record });
  }

  async #unwrap({ tenant, ring, record }: { tenant: string; ring: KeyRing; record: TenantKeyRecord }): Promise<DataKey> {
    return (
      ring.unwrapped.get(record) ??
      (await shared(this.#unwrapping, record, async () => {
        const framed = readWrappedKey(record.wrapped);
        const bytes = await this.#options.keys.unwrap({ ...framed, associatedData: bind(tenant, record) });
        if (bytes.byteLength !== dataKeySize) throw unusable();
        const key = new DataKey({ kekId: framed.kekId, keyId: record.keyId, version: record.version, bytes });
        ring.unwrapped.set(record, key);
        return key;
      }))
    );
  }

  #load(tenant: string): Promise<KeyRing> {
    return shared(this.#loading, tenant, async () => {
      const ring: KeyRing = { records: await this.#options.store.read(tenant), unwrapped: new Map() };
      if (ring.records.length > 0) this.#options.cache.set(tenant, ring);
      return ring;
    });
  }

  #begin(tenant: string): Promise<KeyRing> {
    return shared(this.#beginning, tenant, async () => {
      const { keys, random, store, cache } = this.#options;
      const place = { keyId: Buffer.from(random(16)).toString('hex'), version: 1 };
      const dataKey = random(dataKeySize);
      const wrapped = frameWrappedKey(await keys.wrap({ dataKey, associatedData: bind(tenant, place) }));
      dataKey.fill(0);
      // Another process may have been first: its key is the tenant's then, and ours is forgotten.
      const ring: KeyRing = { records: [await store.create(tenant, { ...place, wrapped })], unwrapped: new Map() };
      cache.set(tenant, ring);
      return ring;
    });
  }
}

/** Callers that come while the same work is under way share it and its outcome. */
function shared<Key, Value>(running: Map<Key, Promise<Value>>, key: Key, work: () => Promise<Value>): Promise<Value> {
  const known = running.get(key);
  if (known !== undefined) return known;
  const started = work().finally(() => running.delete(key));
  running.set(key, started);
  return started;
}

const newest = (records: readonly TenantKeyRecord[]): TenantKeyRecord | undefined =>
  records
    .filter(({ wrapped }) => wrapped !== '')
    .reduce<TenantKeyRecord | undefined>((best, record) => (best && best.version > record.version ? best : record), undefined);

const bind = (tenant: string, { keyId, version }: { keyId: string; version: number }): Uint8Array =>
  encodeAssociatedData(['data-key', tenant, keyId, version]);

const missing = (): PatchbayError =>
  new PatchbayError({
    code: 'vault_key_missing',
    message: 'The tenant has no such data key: the value was sealed for another tenant or store. Store the secret again.',
  });

const destroyed = (): PatchbayError =>
  new PatchbayError({
    code: 'vault_key_destroyed',
    message: "The tenant's data key has been destroyed, and with it everything sealed under it. Nothing can bring it back.",
  });

const unusable = (): PatchbayError =>
  new PatchbayError({ code: 'vault_sealed', message: 'The key provider answered a data key that is not 32 bytes. Check the provider.' });
