import { dayMs } from './clock/day-of.ts';
import type { NewDispatch } from './contracts/dispatch-records.ts';
import type { Executor } from './contracts/executor.ts';
import type { NoticeBoard } from './notice-board.ts';
import { alertStream } from './notifications/alert-names.ts';
import type { AlertDoors, AlertParts } from './notifications/alert-parts.ts';
import { type AlertCollector, createAlertCollector } from './notifications/create-alert-collector.ts';
import { createHostChannelExecutor, type HostChannelOptions } from './notifications/create-host-channel-executor.ts';
import { createKeeperExecutor } from './notifications/create-keeper-executor.ts';
import { retireAlertStates } from './notifications/retire-alert-states.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { CompiledConfigurations } from './routing/compiled-configurations.ts';
import { endpointDispatch } from './routing/endpoint-dispatch.ts';
import { actionHandler } from './routing/plan-step.ts';
import { createStorageUpkeep, type StorageUpkeep, type StorageUpkeepOptions } from './storage-upkeep.ts';

/** What alerts are bound to. */
export interface HubAlertsOptions
  extends Omit<AlertParts, 'doors' | 'room' | 'memory'>,
    Pick<HostChannelOptions, 'figures' | 'backoffMs'>,
    Pick<ResolvedOptions, 'alerts'> {
  readonly compiled: CompiledConfigurations;
  readonly board: NoticeBoard;
  /** Those of alerts join them. */
  readonly executors: Map<string, Executor>;
}

/** Alerts of the hub. */
export interface HubAlerts {
  readonly parts: AlertParts;
  readonly collector: AlertCollector;
  /** Names of the host's channels in this process. */
  readonly channels: ReadonlySet<string>;
}

/** Binds alerts: what observes the hub, and what executes keepers and channels. */
export function createHubAlerts({ compiled, board, executors, alerts, figures, backoffMs, ...given }: HubAlertsOptions): HubAlerts {
  const parts: AlertParts = { ...given, doors: doorsOf(compiled), room: alerts.room, memory: new WeakMap() };
  const collector = createAlertCollector(parts);
  collector.observe(board);
  const channels = [...alerts.channels].map(([name, call]) => createHostChannelExecutor({ ...given, figures, backoffMs, name, call }));
  for (const executor of [createKeeperExecutor(parts), ...channels]) executors.set(executor.handler, executor);
  return { parts, collector, channels: new Set(alerts.channels.keys()) };
}

function doorsOf(compiled: CompiledConfigurations): AlertDoors {
  return {
    actionHandler,
    endpointDispatch(configuration, { endpoint: id, event }): NewDispatch | null {
      const endpoint = compiled.of(configuration).endpoint(id);
      if (!endpoint) return null;
      // What transforms the events that it asked for may not read an alert.
      const plain = 'error' in endpoint ? endpoint : { ...endpoint, transform: null };
      return endpointDispatch({ tenant: event.tenant, endpoint: plain, event, read: () => event, replay: 0 });
    },
  };
}

/** Entries taken away in one go, and goes of one turn. */
const prunes = { limit: 1_000, most: 50 };

/** Takes the history of alerts away by its age, and what is known of those that were over by then, one process at a time. */
export function alertHistoryUpkeep({ storage, alerts, ...common }: ResolvedOptions & Pick<StorageUpkeepOptions, 'holder'>): StorageUpkeep {
  const maintain = async (): Promise<void> => {
    const now = await storage.now();
    const keepMs = alerts.historyDays * dayMs;
    const before = now - keepMs;
    await retireAlertStates({ listTenants: (request) => storage.listTenants(request), states: storage.states, now, keepMs });
    for (let goes = 0; goes < prunes.most; goes += 1) {
      const taken = await storage.journal.prune({ stream: alertStream, before, limit: prunes.limit });
      if (taken < prunes.limit) return;
    }
  };
  const figures = { name: 'alert-history', everyMs: 3_600_000, lookMs: 600_000 };
  return createStorageUpkeep({ ...common, storage: { leases: storage.leases, maintain }, figures });
}
