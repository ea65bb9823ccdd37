import type { Clock, LeaseStore, NamedLease } from '@patchbay/core/adapter';

interface LeaseEntry {
  readonly holder: string;
  readonly fence: number;
  until: number;
}

/** Named leases. One count gives the fences of all names, so that a name that was given back can be forgotten. */
export function memoryLeases(clock: Pick<Clock, 'now'>): LeaseStore {
  const leases = new Map<string, LeaseEntry>();
  let fences = 0;
  const answer = (name: string, { fence, until }: LeaseEntry): NamedLease => ({ name, fence, until });
  const held = (request: { readonly name: string; readonly holder: string; readonly fence: number }): LeaseEntry | undefined => {
    const entry = leases.get(request.name);
    return entry?.holder === request.holder && entry.fence === request.fence ? entry : undefined;
  };
  return {
    async acquire({ name, holder, ttlMs }) {
      const now = clock.now();
      const entry = leases.get(name);
      if (entry !== undefined && entry.until > now) {
        if (entry.holder !== holder) return null;
        entry.until = now + ttlMs;
        return answer(name, entry);
      }
      fences += 1;
      const made = { holder, fence: fences, until: now + ttlMs };
      leases.set(name, made);
      return answer(name, made);
    },
    async extend(request) {
      const now = clock.now();
      const entry = held(request);
      if (entry === undefined || entry.until <= now) return false;
      entry.until = now + request.ttlMs;
      return true;
    },
    async release(request) {
      if (held(request) !== undefined) leases.delete(request.name);
    },
  };
}
