import type { Clock } from '../clock/clock.ts';
import type { TenantKeyRecord } from '../contracts/configuration-store.ts';
import type { DataKey } from './data-key.ts';

/** The data keys of one tenant, as read from the store, and those of them that have been unwrapped. */
export interface KeyRing {
  readonly records: readonly TenantKeyRecord[];
  readonly unwrapped: Map<TenantKeyRecord, DataKey>;
}

/** What {@link KeyRingCache} is given. */
export interface KeyRingCacheOptions {
  readonly clock: Clock;
  /** Tenants whose keys are kept at most; the one used longest ago leaves first. */
  readonly size: number;
  /** Milliseconds after which a ring is read from the store again. */
  readonly ttlMs: number;
}

/** Unwrapped keys in memory, bounded by count and time. What leaves is wiped on the next turn, when nothing can be in the middle of using it. */
export class KeyRingCache {
  readonly #options: KeyRingCacheOptions;
  readonly #entries = new Map<string, { readonly ring: KeyRing; readonly expiresAt: number }>();

  constructor(options: KeyRingCacheOptions) {
    this.#options = options;
  }

  get(tenant: string): KeyRing | undefined {
    const entry = this.#entries.get(tenant);
    if (entry === undefined) return undefined;
    if (entry.expiresAt <= this.#options.clock.monotonic()) {
      this.delete(tenant);
      return undefined;
    }
    // Order in the map is order of use; a lone tenant need not be moved.
    if (this.#entries.size > 1) {
      this.#entries.delete(tenant);
      this.#entries.set(tenant, entry);
    }
    return entry.ring;
  }

  set(tenant: string, ring: KeyRing): void {
    this.delete(tenant);
    this.#entries.set(tenant, { ring, expiresAt: this.#options.clock.monotonic() + this.#options.ttlMs });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#options.size) break;
      this.delete(oldest);
    }
  }

  delete(tenant: string): void {
    const entry = this.#entries.get(tenant);
    if (entry === undefined) return;
    this.#entries.delete(tenant);
    this.#options.clock.nextTurn(() => {
      for (const key of entry.ring.unwrapped.values()) key.wipe();
    });
  }
}
