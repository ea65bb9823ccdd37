import type { Clock } from '../../clock/clock.ts';
import { sleep } from '../../clock/sleep.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import { type BreakerState, isOpen, isStale } from './breaker-state.ts';
import { listBreakers } from './list-breakers.ts';

/** A breaker that is open, as this process knows it. */
export interface KnownBreaker {
  readonly state: BreakerState;
  /** Monotonic time at which it may be probed. */
  readonly openUntil: number;
}

/** What this process knows of the open breakers of one tenant, by name. */
export type TenantBreakers = ReadonlyMap<string, KnownBreaker>;

/** Knows the breakers of tenants, as all processes have left them. */
export interface BreakerViews {
  /** What is known, and the monotonic time at which it was read; `undefined`: nothing. */
  peek(tenant: string): { readonly breakers: TenantBreakers; readonly readAt: number } | undefined;
  /** What is known, read anew where it is older. A store that is away, or slower than `patienceMs`, leaves what was known. @default 1,000 */
  read(tenant: string, maximumAgeMs: number, patienceMs?: number): Promise<TenantBreakers>;
  /** What this process has just written, or is about to; `null`: closed. A read that is under way does not undo it. */
  put(tenant: string, name: string, known: KnownBreaker | null): void;
}

/** What {@link createBreakerViews} is given. */
export interface BreakerViewsOptions {
  readonly states: StateStore;
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer'>;
  /** The store's time, milliseconds since 1970. */
  readonly now: () => Promise<number>;
}

/** Milliseconds that a call waits for the store. */
const usualPatienceMs = 1_000;

/** Tenants that are remembered; the one read longest ago goes first. */
const mostTenants = 10_000;

interface View {
  breakers: Map<string, KnownBreaker>;
  readAt: number;
  /** Counts what this process has put. */
  puts: number;
  reading: Promise<void> | null;
}

/** Makes one that knows nothing. */
export function createBreakerViews(options: BreakerViewsOptions): BreakerViews {
  const { clock } = options;
  const views = new Map<string, View>();

  const viewOf = (tenant: string): View => {
    const known = views.get(tenant);
    if (known) return known;
    const view: View = { breakers: new Map(), readAt: Number.NEGATIVE_INFINITY, puts: 0, reading: null };
    views.set(tenant, view);
    const oldest = views.size > mostTenants ? views.keys().next().value : undefined;
    if (oldest !== undefined) views.delete(oldest);
    return view;
  };

  const refresh = async (tenant: string, view: View): Promise<void> => {
    const { puts } = view;
    const startedAt = clock.monotonic();
    const breakers = await readAll(options, tenant).catch(() => view.breakers);
    // What has been put meanwhile is newer than what was read.
    if (view.puts === puts) view.breakers = breakers;
    view.readAt = startedAt;
  };

  return {
    peek: (tenant) => views.get(tenant),
    async read(tenant, maximumAgeMs, patienceMs = usualPatienceMs) {
      const view = viewOf(tenant);
      if (clock.monotonic() - view.readAt < maximumAgeMs) return view.breakers;
      view.reading ??= refresh(tenant, view).finally(() => {
        view.reading = null;
      });
      const waited = new AbortController();
      await Promise.race([view.reading, sleep(clock, patienceMs, waited.signal)]);
      waited.abort();
      // One call in a while waits for a store that does not answer, not each of them.
      if (view.reading !== null) view.readAt = clock.monotonic();
      return view.breakers;
    },
    put(tenant, name, known) {
      const view = viewOf(tenant);
      view.puts += 1;
      if (known === null) view.breakers.delete(name);
      else view.breakers.set(name, known);
    },
  };
}

async function readAll({ states, clock, now }: BreakerViewsOptions, tenant: string): Promise<Map<string, KnownBreaker>> {
  const found = new Map<string, KnownBreaker>();
  const listed = await listBreakers(states, tenant);
  if (listed.length === 0) return found;
  const [at, storeNow] = [clock.monotonic(), await now()];
  for (const { name, version, state } of listed) {
    if (state === null || isStale(state, storeNow)) await states.write([{ tenant, name, expect: version, value: null }]);
    else if (isOpen(state)) found.set(name, knownBreaker(state, { at, storeNow }));
  }
  return found;
}

/** A state by this process's clock, which shows `at` when the store's shows `storeNow`. */
export function knownBreaker(state: BreakerState, { at, storeNow }: { readonly at: number; readonly storeNow: number }): KnownBreaker {
  return { state, openUntil: at + state.openUntil - storeNow };
}
