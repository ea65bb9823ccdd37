/** Who waits, from the outside in: the tenant, then what of it calls. */
export type Place = readonly [tenant: string, caller: string];

/** Things that wait for their turn: tenants take turns, and so do the callers of each, however many things one of them has. */
export interface Turns<Item> {
  readonly size: number;
  add(place: Place, item: Item): void;
  /** The next one in turn, taken out. */
  next(): Item | undefined;
  /** False where it is no longer there. */
  remove(place: Place, item: Item): boolean;
  /** All of them, in no order that means anything. */
  values(): Iterable<Item>;
}

/** Makes an empty one. */
export function createTurns<Item>(): Turns<Item> {
  const tenants = new Map<string, Map<string, Set<Item>>>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    add([tenant, caller], item) {
      const callers = tenants.get(tenant) ?? new Map<string, Set<Item>>();
      const items = callers.get(caller) ?? new Set<Item>();
      tenants.set(tenant, callers);
      callers.set(caller, items);
      if (items.has(item)) return;
      items.add(item);
      size += 1;
    },
    next() {
      for (const [tenant, callers] of tenants) {
        tenants.delete(tenant);
        for (const [caller, items] of callers) {
          callers.delete(caller);
          for (const item of items) {
            items.delete(item);
            size -= 1;
            // Behind all others of its kind.
            if (items.size > 0) callers.set(caller, items);
            if (callers.size > 0) tenants.set(tenant, callers);
            return item;
          }
        }
      }
      return undefined;
    },
    remove([tenant, caller], item) {
      const callers = tenants.get(tenant);
      const items = callers?.get(caller);
      if (!callers || !items?.delete(item)) return false;
      size -= 1;
      if (items.size === 0) callers.delete(caller);
      if (callers.size === 0) tenants.delete(tenant);
      return true;
    },
    *values() {
      for (const callers of tenants.values()) for (const items of callers.values()) yield* items;
    },
  };
}
