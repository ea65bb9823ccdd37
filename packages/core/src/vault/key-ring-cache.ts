import type { Clock } from '../clock/clock.ts';
import type { KeyRing } from './key-ring.ts';

/** What {@link KeyRingCache} is given. */
export interface KeyRingCacheOptions {
  readonly clock: Clock;
  /** Tenants whose keys are kept at most; the one used longest ago leaves first. */
  readonly size: number;
  /** Milliseconds after which a ring leaves memory, whether the store can be reached or not. */
  readonly ttlMs: number;
  /** Milliseconds for which a ring is used before the store is asked whether it still holds. */
  readonly checkMs: number;
}

interface Entry {
  readonly ring: KeyRing;
  readonly expiresAt: number;
  checkAt: number;
}

/** Unwrapped keys in memory, bounded by count and time. What leaves is wiped on the next turn, when nothing can be in the middle of using it. */
export class KeyRingCache {
  readonly #options: KeyRingCacheOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: KeyRingCacheOptions) {
    this.#options = options;
  }

  /** The ring, if it was read or confirmed not long ago. */
  get(tenant: string): KeyRing | undefined {
    const now = this.#options.clock.monotonic();
    const entry = this.#live(tenant, now);
    if (entry === undefined || entry.checkAt <= now) return undefined;
    // Order in the map is order of use; a lone tenant need not be moved.
    if (this.#entries.size > 1) {
      this.#entries.delete(tenant);
      this.#entries.set(tenant, entry);
    }
    return entry.ring;
  }

  /** The ring, also one that is due to be checked. */
  held(tenant: string): KeyRing | undefined {
    return this.#live(tenant, this.#options.clock.monotonic())?.ring;
  }

  /** A ring has been checked, or could not be: it is used on until the next check, and never past its time. */
  confirm(tenant: string): void {
    const now = this.#options.clock.monotonic();
    const entry = this.#live(tenant, now);
    if (entry !== undefined) entry.checkAt = now + this.#options.checkMs;
  }

  set(tenant: string, ring: KeyRing): void {
    this.delete(tenant);
    const now = this.#options.clock.monotonic();
    this.#entries.set(tenant, { ring, expiresAt: now + this.#options.ttlMs, checkAt: now + this.#options.checkMs });
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

  #live(tenant: string, now: number): Entry | undefined {
    const entry = this.#entries.get(tenant);
    if (entry === undefined || entry.expiresAt > now) return entry;
    this.delete(tenant);
    return undefined;
  }
}
