import type { Clock } from '../clock/clock.ts';
import type { SubscriberRecord } from '../contracts/configuration-records.ts';
import { type ConfigurationStore, hubScope } from '../contracts/configuration-store.ts';
import { sameRevision } from './same-revision.ts';
import { createSharedLoads } from './shared-loads.ts';
import { cachedKinds, changedConfiguration, type TenantConfiguration, tenantConfiguration } from './tenant-configuration.ts';

/** Configuration of tenants as this process knows it. */
export interface ConfigurationCache {
  /**
   * The tenant's configuration, possibly older than the store's. What is decided with it is safe because ingest compares its revision;
   * what only reads asks with `fresh`, for one that was read after the call.
   */
  read(tenant: string, options?: { readonly fresh?: boolean }): Promise<TenantConfiguration>;
  /** The cached one, without a turn of the event loop. */
  peek(tenant: string): TenantConfiguration | undefined;
  /** One that a look less than `maximumAgeMs` milliseconds ago found current. The store is asked for its revision only where the last is older. */
  recent(tenant: string, maximumAgeMs: number): Promise<TenantConfiguration>;
  /**
   * One that held after this call; callers who come while a look is under way share the next. `null` where the tenant was looked at ten times
   * in this second already: strangers who send rubbish must not make us ask the store each time.
   */
  refresh(tenant: string): Promise<TenantConfiguration | null>;
  /** Like `refresh`, for what strangers cannot bring about: it is always looked, and takes none of those ten. */
  current(tenant: string): Promise<TenantConfiguration>;
  /** Forgets a tenant, after a change made here. */
  forget(tenant: string): void;
}

interface Entry {
  readonly configuration: TenantConfiguration;
  /** Something was changed here since it was read: it serves to read what is new, and nothing else. */
  isForgotten: boolean;
  /** Monotonic time at which the last look began that found it current. */
  checkedAt: number;
  /** Looks in the second that began at `secondAt`. */
  looks: number;
  secondAt: number;
}

/** What the cache needs. */
export interface ConfigurationCacheOptions {
  readonly store: Pick<ConfigurationStore, 'revision' | 'snapshot' | 'changes'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Tenants held at once; the one longest unread goes first. @default 1,000 */
  readonly maximumTenants?: number;
}

/** Looks at one tenant in one second that strangers can bring about. */
const looksPerSecond = 10;

/** A cache keyed by tenant that loads each tenant once however many ask at a time. */
export function createConfigurationCache(options: ConfigurationCacheOptions): ConfigurationCache {
  const { clock, maximumTenants = 1_000 } = options;
  const entries = new Map<string, Entry>();

  const keep = (tenant: string, loaded: Entry): void => {
    entries.delete(tenant);
    entries.set(tenant, loaded);
    for (const oldest of entries.keys()) {
      if (entries.size <= maximumTenants) break;
      entries.delete(oldest);
    }
  };

  const known = (tenant: string): Entry | undefined => {
    const entry = entries.get(tenant);
    return entry?.isForgotten === true ? undefined : entry;
  };
  const loads = createSharedLoads<Entry>((tenant) => load(options, tenant, entries.get(tenant)?.configuration), keep);
  const look = async (tenant: string): Promise<Entry> => {
    const entry = known(tenant);
    return entry && (await isCurrent(options, tenant, entry)) ? entry : loads.next(tenant);
  };
  const countedLook = (tenant: string): Promise<Entry> => {
    const entry = known(tenant);
    if (entry) entry.looks += 1;
    return look(tenant);
  };
  const looks = createSharedLoads<Entry>(countedLook, () => undefined);
  const trustedLooks = createSharedLoads<Entry>(look, () => undefined);

  const entryOf = (tenant: string): Entry | undefined => {
    const entry = known(tenant);
    // Order in the map is order of use; while there is room enough nothing need be moved.
    if (entry && entries.size > maximumTenants / 2) {
      entries.delete(tenant);
      entries.set(tenant, entry);
    }
    return entry;
  };

  return {
    async read(tenant, { fresh = false } = {}) {
      const entry = fresh ? undefined : entryOf(tenant);
      return (entry ?? (await (fresh ? loads.next(tenant) : loads.join(tenant)))).configuration;
    },
    peek: (tenant) => entryOf(tenant)?.configuration,
    async recent(tenant, maximumAgeMs) {
      const oldest = clock.monotonic() - maximumAgeMs;
      const entry = entryOf(tenant) ?? (await loads.join(tenant));
      if (entry.checkedAt > oldest) return entry.configuration;
      const looked = await looks.join(tenant);
      // A look that was under way may have begun too early.
      return (looked.checkedAt >= oldest ? looked : await looks.next(tenant)).configuration;
    },
    async refresh(tenant) {
      const entry = entryOf(tenant);
      if (entry && isSpent(entry, clock.monotonic())) return null;
      return (await looks.next(tenant)).configuration;
    },
    async current(tenant) {
      return (await trustedLooks.next(tenant)).configuration;
    },
    forget(tenant) {
      const entry = entries.get(tenant);
      if (entry) entry.isForgotten = true;
      loads.outdate(tenant);
      looks.outdate(tenant);
      trustedLooks.outdate(tenant);
    },
  };
}

/** What is new since a configuration of before is read alone: a tenant with thousands of connections renews a token every other second. */
async function load({ store, clock }: ConfigurationCacheOptions, tenant: string, before?: TenantConfiguration): Promise<Entry> {
  const checkedAt = clock.monotonic();
  const entryOf = (configuration: TenantConfiguration): Entry => ({
    configuration,
    isForgotten: false,
    checkedAt,
    looks: 0,
    secondAt: checkedAt,
  });
  const changes = before && (await store.changes(tenant, cachedKinds, before.revision.tenant));
  if (changes && changes.revision.hub === before.revision.hub) return entryOf(changedConfiguration(before, changes));
  // The hub's rows are read first: if they change before the tenant's are read, the tenant's revision carries the newer hub revision, so
  // both are read again until they agree.
  for (;;) {
    const hub = await store.snapshot(hubScope, ['subscriber']);
    const snapshot = await store.snapshot(tenant, cachedKinds);
    if (hub.revision.tenant !== snapshot.revision.hub) continue;
    const subscribers: SubscriberRecord[] = (hub.rows.subscriber ?? []).map((row) => row.value);
    return entryOf(tenantConfiguration(tenant, snapshot, subscribers));
  }
}

/** Asks for the revision alone. True where the entry is still current; it is then marked as looked at. */
async function isCurrent({ store, clock }: ConfigurationCacheOptions, tenant: string, entry: Entry): Promise<boolean> {
  const startedAt = clock.monotonic();
  if (!sameRevision(await store.revision(tenant), entry.configuration.revision)) return false;
  entry.checkedAt = startedAt;
  return true;
}

/** True where the tenant has been looked at so often in this second that the next look has to wait for another. */
function isSpent(entry: Entry, now: number): boolean {
  if (now - entry.secondAt >= 1_000) {
    entry.secondAt = now;
    entry.looks = 0;
  }
  return entry.looks >= looksPerSecond;
}
