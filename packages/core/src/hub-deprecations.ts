import type { ConnectorRegistry } from './connector/create-registry.ts';
import type { Storage } from './contracts/storage.ts';
import type { Notify } from './notices/notices.ts';
import { createStorageUpkeep, type StorageUpkeep, type StorageUpkeepOptions } from './storage-upkeep.ts';
import { deprecatedThings } from './tenant/deprecated-uses.ts';
import { type DeprecationTeller, isOver, noticeOf, tellDeprecations } from './tenant/tell-deprecations.ts';

/** What watching for what goes away needs. */
export interface HubDeprecationsOptions
  extends Omit<DeprecationTeller, 'tenant' | 'storage'>,
    Omit<StorageUpkeepOptions, 'storage' | 'figures'> {
  readonly storage: Storage<unknown>;
  readonly clock: StorageUpkeepOptions['clock'];
}

/** Tenants read at once. */
const pageSize = 500;

/** Gives the notice of everything that is registered here and goes away, whoever uses it. */
export function tellRegistered(registry: Pick<ConnectorRegistry, 'list'>, notify: Notify, at: number): void {
  for (const connector of registry.list())
    for (const thing of deprecatedThings(connector))
      notify(
        'connector.deprecated',
        noticeOf({ ...thing, connectionId: null, automation: null }, { tenant: null, isOver: isOver(thing, at), at }),
      );
}

/** Looks four times a day, one process at a time, who uses what goes away: a package may say so that did not before, and days pass. None where nothing goes. */
export function deprecationUpkeeps(options: HubDeprecationsOptions): readonly StorageUpkeep[] {
  const { storage, registry } = options;
  const ending = new Set(registry.list().flatMap((connector) => (deprecatedThings(connector).length === 0 ? [] : [connector.id])));
  if (ending.size === 0) return [];
  const maintain = async (): Promise<void> => {
    for (const connector of ending)
      for (let after: string | null = null; ; ) {
        const tenants: readonly string[] = await storage.listTenants({ after, limit: pageSize, connector });
        for (const tenant of tenants) await tellDeprecations({ ...options, tenant });
        after = tenants.at(-1) ?? null;
        if (tenants.length < pageSize) break;
      }
  };
  const figures = { name: 'deprecations', everyMs: 21_600_000, lookMs: 600_000 };
  return [createStorageUpkeep({ ...options, storage: { leases: storage.leases, maintain }, figures })];
}
