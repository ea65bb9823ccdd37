import type { ConnectorRegistry } from './connector/create-registry.ts';
import type { Executor } from './contracts/executor.ts';
import type { SearchIndex } from './contracts/search-index.ts';
import type { ContentParts } from './scheduling/content/content-parts.ts';
import { createContentDeleteExecutor } from './scheduling/content/create-content-delete-executor.ts';
import { createContentExecutor } from './scheduling/content/create-content-executor.ts';
import { createContentEndExecutor, endContent } from './scheduling/content/end-content.ts';
import { keepContent, keepTenantContent, readSoon } from './scheduling/content/keep-content.ts';
import { createStorageUpkeep, type StorageUpkeep, type StorageUpkeepOptions } from './storage-upkeep.ts';
import type { TenantServices } from './tenant/tenant-services.ts';

/** What bringing content into the host's search index is bound to. */
export interface HubContentOptions extends Omit<ContentParts, 'index' | 'storage'>, Omit<StorageUpkeepOptions, 'storage' | 'figures'> {
  readonly storage: ContentParts['storage'] & Pick<StorageUpkeepOptions['storage'], 'leases'>;
  readonly searchIndex: SearchIndex | null;
  readonly registry: ConnectorRegistry;
  /** What reads and takes out joins them. */
  readonly executors: Map<string, Executor>;
}

/** The content of a hub: nothing of it is there without an index. */
export interface HubContent {
  readonly services: TenantServices['content'];
  readonly upkeeps: readonly StorageUpkeep[];
}

const nothing = async (): Promise<void> => undefined;

/** Binds what reads content, what takes it out, and what sees to it that both are done. */
export function createHubContent(options: HubContentOptions): HubContent {
  const { searchIndex: index, registry, executors, ...common } = options;
  if (index === null) return { services: { index, keep: nothing, readSoon: nothing, end: nothing }, upkeeps: [] };
  const parts = { ...common, index };
  const reading = registry.list().filter(({ definition }) => definition.content !== undefined);
  const connectors = [...new Set(reading.map(({ id }) => id))];
  const ending = [createContentEndExecutor(parts), createContentDeleteExecutor(parts, registry)];
  for (const executor of [...connectors.map((id) => createContentExecutor(parts, { id, registry })), ...ending])
    executors.set(executor.handler, executor);
  const keeping = { ...common, connectors, registry };
  // One process at a time. A change sends what it needs by itself, so this only mends.
  const figures = { name: 'content-keeping', everyMs: 300_000, lookMs: 60_000 };
  const maintain = (): Promise<void> => keepContent(keeping);
  return {
    services: {
      index,
      keep: (tenant) => keepTenantContent(keeping, tenant),
      readSoon: (place, occasion) => readSoon(parts, place, occasion),
      end: (place, but) => endContent(parts, place, { but, isMending: false }),
    },
    upkeeps: [createStorageUpkeep({ ...common, storage: { leases: common.storage.leases, maintain }, figures })],
  };
}
