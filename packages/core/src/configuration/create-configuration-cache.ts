import type { Clock } from '../clock/clock.ts';
import { type ConfigurationKind, type ConfigurationStore, hubScope, type SubscriberRecord } from '../contracts/configuration-store.ts';
import { type TenantConfiguration, tenantConfiguration } from './tenant-configuration.ts';

const kinds: readonly ConfigurationKind[] = ['connection', 'credential', 'registration', 'automation'];

/** Configuration of tenants as this process knows it. */
export interface ConfigurationCache {
  /**
   * The tenant's configuration, possibly older than the store's. What is decided with it is safe because ingest compares its revision;
   * what only reads asks with `fresh`.
   */
  read(tenant: string, options?: { readonly fresh?: boolean }): Promise<TenantConfiguration>;
  /** The cached one, without a turn of the event loop. */
  peek(tenant: string): TenantConfiguration | undefined;
  /** Reads anew when the store's revision has moved, and says whether it had; asked of the store at most once per `minimumAgeMs`. */
  refresh(tenant: string, minimumAgeMs: number): Promise<boolean>;
  /** Forgets a tenant, after a change made here. */
  forget(tenant: string): void;
}

interface Entry {
  readonly configuration: TenantConfiguration;
  checkedAt: number;
}

/** What the cache needs. */
export interface ConfigurationCacheOptions {
  readonly store: ConfigurationStore;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Tenants held at once; the one longest unread goes first. @default 1,000 */
  readonly maximumTenants?: number;
}

/** A cache keyed by tenant that loads each tenant once however many ask at a time. */
export function createConfigurationCache(options: ConfigurationCacheOptions): ConfigurationCache {
  const { store, clock, maximumTenants = 1_000 } = options;
  const entries = new Map<string, Entry>();
  const loading = new Map<string, Promise<TenantConfiguration>>();

  const load = async (tenant: string): Promise<TenantConfiguration> => {
    // The hub's rows are read first: if they change before the tenant's are read, the tenant's revision carries the newer hub revision, so
    // both are read again until they agree.
    for (;;) {
      const hub = await store.snapshot(hubScope, ['subscriber']);
      const snapshot = await store.snapshot(tenant, kinds);
      if (hub.revision.tenant !== snapshot.revision.hub) continue;
      const subscribers: SubscriberRecord[] = (hub.rows.subscriber ?? []).map((row) => row.value);
      return tenantConfiguration(snapshot, subscribers);
    }
  };

  const reload = (tenant: string): Promise<TenantConfiguration> => {
    const running = loading.get(tenant);
    if (running) return running;
    const started = load(tenant)
      .then((configuration) => {
        // A change made here while the read was under way has dropped this promise; its answer may be older than the change.
        if (loading.get(tenant) === started) remember(tenant, configuration);
        return configuration;
      })
      .finally(() => {
        if (loading.get(tenant) === started) loading.delete(tenant);
      });
    loading.set(tenant, started);
    return started;
  };

  const remember = (tenant: string, configuration: TenantConfiguration): void => {
    entries.delete(tenant);
    entries.set(tenant, { configuration, checkedAt: clock.monotonic() });
    for (const oldest of entries.keys()) {
      if (entries.size <= maximumTenants) break;
      entries.delete(oldest);
    }
  };

  return {
    read: (tenant, { fresh = false } = {}) => {
      const entry = entries.get(tenant);
      if (fresh) loading.delete(tenant);
      return entry && !fresh ? Promise.resolve(entry.configuration) : reload(tenant);
    },
    peek: (tenant) => entries.get(tenant)?.configuration,
    async refresh(tenant, minimumAgeMs) {
      const entry = entries.get(tenant);
      if (!entry) return false;
      if (clock.monotonic() - entry.checkedAt < minimumAgeMs) return false;
      entry.checkedAt = clock.monotonic();
      const { revision } = entry.configuration;
      const current = await store.revision(tenant);
      if (current.tenant === revision.tenant && current.hub === revision.hub) return false;
      await reload(tenant);
      return true;
    },
    forget: (tenant) => {
      entries.delete(tenant);
      loading.delete(tenant);
    },
  };
}
