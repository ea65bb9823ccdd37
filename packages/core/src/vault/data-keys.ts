import type { TenantKeyRecord } from '../contracts/configuration-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { bindDataKey } from './bind-data-key.ts';
import { DataKey, dataKeySize } from './data-key.ts';
import { belowMinimum, keyDestroyed, keyMissing } from './key-faults.ts';
import type { KeyProvider } from './key-provider.ts';
import { isDestroyed, type KeyRing, keyRing } from './key-ring.ts';
import type { KeyRingCache } from './key-ring-cache.ts';
import type { RandomBytes } from './random-bytes.ts';
import type { TenantKeyStore } from './tenant-key-store.ts';
import { wrapNewKey } from './wrap-new-key.ts';
import { readWrappedKey } from './wrapped-key-frame.ts';

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

/** Keys as they were read; or as they were held, where the store could not be asked. */
interface Loaded {
  readonly ring: KeyRing;
  readonly failure?: unknown;
}

/** Finds the data keys of tenants: from the cache, else from the store and the key provider. Makes the first one of a tenant. */
export class DataKeys {
  readonly #options: DataKeysOptions;
  readonly #loading = new Map<string, Promise<Loaded>>();
  readonly #beginning = new Map<string, Promise<KeyRing>>();
  readonly #unwrapping = new Map<TenantKeyRecord, Promise<DataKey>>();
  /** Counts what was forgotten: what was read before may be held no longer. */
  #forgotten = 0;

  constructor(options: DataKeysOptions) {
    this.#options = options;
  }

  /** The key that seals from now on, if it is in the cache. */
  cachedActive(tenant: string): DataKey | undefined {
    const ring = this.#options.cache.get(tenant);
    return ring?.newest && ring.unwrapped.get(ring.newest);
  }

  /** The named key, if it is in the cache and may open. */
  cached({ tenant, keyId, version }: DataKeyName): DataKey | undefined {
    const ring = this.#options.cache.get(tenant);
    if (ring === undefined || version < ring.minimum) return undefined;
    const { newest } = ring;
    if (newest?.version === version && newest.keyId === keyId) return ring.unwrapped.get(newest);
    const record = ring.records.find((candidate) => candidate.version === version && candidate.keyId === keyId);
    return record && ring.unwrapped.get(record);
  }

  /** The key that seals from now on, made if the tenant has none. Rejects with `vault_key_destroyed` where all have been destroyed. */
  async active(tenant: string): Promise<DataKey> {
    const known = await this.ring(tenant);
    const ring = known.records.length > 0 ? known : await this.#begin(tenant);
    if (ring.newest === undefined) throw keyDestroyed();
    return await this.#unwrap({ tenant, ring, record: ring.newest });
  }

  /** The named key. Rejects with `vault_key_missing`, `vault_key_destroyed`, and `vault_sealed` below the tenant's least version. */
  async find(name: DataKeyName): Promise<DataKey> {
    const { tenant, keyId, version } = name;
    const named = (ring: KeyRing): TenantKeyRecord | undefined =>
      ring.records.find((candidate) => candidate.version === version && candidate.keyId === keyId);
    const known = await this.ring(tenant);
    // Another process may have made a newer version since this ring was read.
    const { ring, failure } = named(known) === undefined ? await this.#load(tenant) : { ring: known };
    const record = named(ring);
    if (record === undefined && failure !== undefined) throw failure;
    if (record === undefined) throw isDestroyed(ring) ? keyDestroyed() : keyMissing();
    if (record.wrapped === '') throw keyDestroyed();
    if (version < ring.minimum) throw belowMinimum();
    return await this.#unwrap({ tenant, ring, record });
  }

  /** The tenant's keys: from memory where the store was asked not long ago, else read. */
  async ring(tenant: string): Promise<KeyRing> {
    return this.#options.cache.get(tenant) ?? (await this.#load(tenant)).ring;
  }

  /** The tenant's keys, where they are in memory and need no look at the store. */
  cachedRing(tenant: string): KeyRing | undefined {
    return this.#options.cache.get(tenant);
  }

  /** Drops what is held of a tenant, also what is being read at this moment. */
  forget(tenant: string): void {
    this.#forgotten += 1;
    this.#loading.delete(tenant);
    this.#beginning.delete(tenant);
    this.#options.cache.delete(tenant);
  }

  async #unwrap({ tenant, ring, record }: { tenant: string; ring: KeyRing; record: TenantKeyRecord }): Promise<DataKey> {
    return (
      ring.unwrapped.get(record) ??
      (await shared(this.#unwrapping, record, async () => {
        const framed = readWrappedKey(record.wrapped);
        const bytes = await this.#options.keys.unwrap({ ...framed, associatedData: bindDataKey(tenant, record) });
        if (bytes.byteLength !== dataKeySize) throw unusable();
        const key = new DataKey({ kekId: framed.kekId, keyId: record.keyId, version: record.version, bytes });
        ring.unwrapped.set(record, key);
        return key;
      }))
    );
  }

  #load(tenant: string): Promise<Loaded> {
    return shared(this.#loading, tenant, async () => {
      const { store, cache } = this.#options;
      for (;;) {
        const before = this.#forgotten;
        const held = cache.held(tenant);
        const read = await store.read(tenant).then(
          (records) => ({ records }),
          (failure: unknown) => ({ failure }),
        );
        if (before !== this.#forgotten) continue;
        const isHeld = held !== undefined && held === cache.held(tenant);
        // A store that is away holds nobody up who has the keys; their time in memory ends all the same.
        if ('failure' in read) {
          if (!isHeld) throw read.failure;
          cache.confirm(tenant);
          return { ring: held, failure: read.failure };
        }
        if (isHeld && areSame(held.records, read.records)) {
          cache.confirm(tenant);
          return { ring: held };
        }
        const ring = keyRing(read.records);
        if (read.records.length > 0) cache.set(tenant, ring);
        return { ring };
      }
    });
  }

  #begin(tenant: string): Promise<KeyRing> {
    return shared(this.#beginning, tenant, async () => {
      const { keys, random, store, cache } = this.#options;
      const before = this.#forgotten;
      const record = await wrapNewKey({ keys, random }, { tenant, version: 1 });
      // Another process may have been first: its key is the tenant's then, and ours is forgotten.
      const ring = keyRing([await store.create(tenant, record)]);
      if (before !== this.#forgotten) return (await this.#load(tenant)).ring;
      cache.set(tenant, ring);
      return ring;
    });
  }
}

/** Callers that come while the same work is under way share it and its outcome. */
function shared<Key, Value>(running: Map<Key, Promise<Value>>, key: Key, work: () => Promise<Value>): Promise<Value> {
  const known = running.get(key);
  if (known !== undefined) return known;
  const started = work().finally(() => {
    if (running.get(key) === started) running.delete(key);
  });
  running.set(key, started);
  return started;
}

function areSame(some: readonly TenantKeyRecord[], others: readonly TenantKeyRecord[]): boolean {
  const text = (records: readonly TenantKeyRecord[]): string =>
    JSON.stringify(records.map(({ keyId, version, wrapped, minimum }) => [version, keyId, wrapped, minimum ?? 1].join()).sort());
  return text(some) === text(others);
}

const unusable = (): PatchbayError =>
  new PatchbayError({ code: 'vault_sealed', message: 'The key provider answered a data key that is not 32 bytes. Check the provider.' });
