import type { Held } from '../contracts/held.ts';
import type { HotStore } from '../contracts/hot-store.ts';

/** Finds leases that the store gave to this process and nobody here has: their answer is under way, or was lost. */
export interface StrayWatch {
  /** True while an answer may have been lost. */
  readonly suspected: boolean;
  suspect(): void;
  /** Gives back, unused, what was a stray at the look before as well: extended without anybody to use it, it would be leased for ever. */
  look(leases: readonly Held[]): Promise<void>;
  /** Gives back every stray at once: no answer is waited for any more. */
  giveBack(leases: readonly Held[]): Promise<void>;
  /** True where the answer comes after its lease went back; it may be used by another by now. */
  wasGivenBack(lease: Pick<Held, 'handle' | 'fence'>): boolean;
}

/** Looks without a stray after which a lost answer has named none: the call may reach the store a while after it was given up. */
const patience = 3;

/** Leases remembered as given back. An answer comes within seconds, or not at all. */
const remembered = 1_000;

/** Makes a watch for strays. `isHeld` tells by name what is in somebody's hands. */
export function createStrayWatch(options: {
  readonly store: Pick<HotStore, 'defer'>;
  readonly isHeld: (name: string) => boolean;
}): StrayWatch {
  const { store, isHeld } = options;
  let seen = new Set<string>();
  const givenBack = new Set<string>();
  let looksLeft = 0;

  const defer = async (strays: readonly Held[]): Promise<void> => {
    if (strays.length === 0) return;
    for (const lease of strays) givenBack.add(leaseName(lease));
    for (const oldest of givenBack) {
      if (givenBack.size <= remembered) break;
      givenBack.delete(oldest);
    }
    await store.defer(strays.map((lease) => ({ ...lease, delayMs: 0, reason: 'answer_lost', nothingSent: true })));
  };

  return {
    get suspected() {
      return looksLeft > 0;
    },
    suspect() {
      looksLeft = patience;
    },
    async look(leases) {
      const strays = leases.filter((lease) => !isHeld(leaseName(lease)));
      const before = seen;
      seen = new Set(strays.map(leaseName));
      looksLeft = strays.length > 0 ? patience : Math.max(0, looksLeft - 1);
      await defer(strays.filter((lease) => before.has(leaseName(lease))));
    },
    giveBack: (leases) => defer(leases.filter((lease) => !isHeld(leaseName(lease)))),
    wasGivenBack: (lease) => givenBack.delete(leaseName(lease)),
  };
}

/** Tells leases of one process apart. */
export function leaseName(lease: Pick<Held, 'handle' | 'fence'>): string {
  return `${lease.handle}:${lease.fence}`;
}
