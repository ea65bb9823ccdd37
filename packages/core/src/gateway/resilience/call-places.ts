/** Bounds of requests under way at once, in one process. */
export interface PlaceFigures {
  /** To one host by one connection. */
  readonly connectionCalls: number;
  /** By one tenant, to all hosts. */
  readonly tenantCalls: number;
  /** To one host by everybody: the sockets that are open to it at most. */
  readonly hostCalls: number;
  /** By everybody to all hosts: with the largest answer that is read, the memory that answers can take. */
  readonly allCalls: number;
}

/** What a tenant may always have at a host, as long as there is a place at all. */
const leastPerTenant = 4;

/** Places that are known before those that are idle are forgotten. */
const mostKnown = 10_000;

interface Count {
  calls: number;
}

/** The places of one connection at one host, with what they are a part of. */
export interface CallPlace extends Count {
  readonly tenant: Count;
  readonly host: Count;
  /** Of the tenant at this host. */
  readonly share: Count;
  waiting: number;
}

/** Counts requests under way. */
export interface CallPlaces {
  of(call: { readonly tenant: string; readonly connection: { readonly id: string }; readonly origin: string }): CallPlace;
  /** Takes a place; false where there is none. */
  take(place: CallPlace): boolean;
  leave(place: CallPlace): void;
}

/**
 * Makes one in which nothing is under way. A tenant may hold as many places at a host as it leaves free: one tenant has half of them at most, a second one
 * half of the rest, and whoever comes next still finds some.
 */
export function createCallPlaces(figures: PlaceFigures): CallPlaces {
  const { connectionCalls, tenantCalls, hostCalls, allCalls } = figures;
  const all: Count = { calls: 0 };
  const places = new Map<string, CallPlace>();
  const parts = { tenants: new Map<string, Count>(), hosts: new Map<string, Count>(), shares: new Map<string, Count>() };
  return {
    of({ tenant, connection, origin }) {
      const name = `${connection.id} ${origin}`;
      const known = places.get(name);
      if (known !== undefined) return known;
      if (places.size >= mostKnown) forgetIdle(places, Object.values(parts));
      const place: CallPlace = {
        tenant: counted(parts.tenants, tenant),
        host: counted(parts.hosts, origin),
        share: counted(parts.shares, `${tenant}\u0000${origin}`),
        calls: 0,
        waiting: 0,
      };
      places.set(name, place);
      return place;
    },
    take(place) {
      const { tenant, host, share } = place;
      const free = hostCalls - host.calls;
      if (place.calls >= connectionCalls || tenant.calls >= tenantCalls || all.calls >= allCalls || free <= 0) return false;
      if (share.calls >= Math.max(leastPerTenant, free)) return false;
      move({ place, all }, 1);
      return true;
    },
    leave: (place) => move({ place, all }, -1),
  };
}

function move({ place, all }: { readonly place: CallPlace; readonly all: Count }, by: 1 | -1): void {
  place.calls += by;
  place.tenant.calls += by;
  place.host.calls += by;
  place.share.calls += by;
  all.calls += by;
}

function counted(counts: Map<string, Count>, name: string): Count {
  const known = counts.get(name);
  if (known !== undefined) return known;
  const count = { calls: 0 };
  counts.set(name, count);
  return count;
}

/** A count that a place still holds stays: a second one of its name would let through twice as much. */
function forgetIdle(places: Map<string, CallPlace>, parts: readonly Map<string, Count>[]): void {
  const held = new Set<Count>();
  for (const [name, place] of places) {
    if (place.calls === 0 && place.waiting === 0) places.delete(name);
    else for (const count of [place.tenant, place.host, place.share]) held.add(count);
  }
  for (const counts of parts) for (const [name, count] of counts) if (!held.has(count)) counts.delete(name);
}
