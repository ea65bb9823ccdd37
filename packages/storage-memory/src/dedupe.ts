/** What a dedupe key belongs to. */
export interface SeenKey {
  readonly root: string;
  readonly hash: string | null;
  readonly seenAt: number;
}

/** Keys by tenant, of one generation. */
interface Generation {
  readonly since: number;
  readonly tenants: Map<string, Map<string, SeenKey>>;
  size: number;
}

/** Dedupe keys in two generations: the older one is dropped whole, which costs nothing per key. */
export interface DedupeState {
  readonly bound: number;
  recent: Generation;
  older: Generation;
}

/** How long a dedupe key holds, milliseconds: 30 days, the hub's horizon. */
export const dedupeHorizonMs = 30 * 24 * 60 * 60 * 1_000;

const newGeneration = (since: number): Generation => ({ since, tenants: new Map(), size: 0 });

/** Makes an empty memory for at most `bound` keys; the newest half of them is always there. */
export const createDedupe = (bound: number, now: number): DedupeState => ({ bound, recent: newGeneration(now), older: newGeneration(now) });

/** The key, while it holds. */
export function seenKey(state: DedupeState, tenant: string, key: string, now: number): SeenKey | undefined {
  const seen = state.recent.tenants.get(tenant)?.get(key) ?? state.older.tenants.get(tenant)?.get(key);
  return seen !== undefined && seen.seenAt > now - dedupeHorizonMs ? seen : undefined;
}

/** Enters a key that has not been seen. */
export function rememberKey(state: DedupeState, tenant: string, key: string, seen: SeenKey): void {
  if (state.recent.size >= state.bound / 2 || state.recent.since <= seen.seenAt - dedupeHorizonMs) {
    state.older = state.recent;
    state.recent = newGeneration(seen.seenAt);
  }
  const keys = state.recent.tenants.get(tenant);
  if (keys === undefined) state.recent.tenants.set(tenant, new Map([[key, seen]]));
  else keys.set(key, seen);
  state.recent.size += 1;
}
