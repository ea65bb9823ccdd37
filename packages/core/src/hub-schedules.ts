import type { ConfigurationCache } from './configuration/create-configuration-cache.ts';
import type { TenantConfiguration } from './configuration/tenant-configuration.ts';
import type { Connector } from './connector/connector-definition.ts';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import type { Executor } from './contracts/executor.ts';
import type { FullReceipt } from './contracts/receipt-store.ts';
import type { Network } from './net/create-network.ts';
import { createReceiptDays } from './receipt-days.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { CompiledConfigurations } from './routing/compiled-configurations.ts';
import { contentsDeletedBy } from './routing/content-deletes.ts';
import { findConnection } from './routing/find-connection.ts';
import { type CalendarFeeds, createCalendarFeeds } from './scheduling/calendar-feeds.ts';
import { createScheduleExecutor } from './scheduling/create-schedule-executor.ts';
import { keepSchedules } from './scheduling/keep-schedules.ts';
import { createPollExecutor, type PollParts } from './scheduling/polling/create-poll-executor.ts';
import { replayPolled } from './scheduling/polling/keep-polled.ts';
import { keepPolls, keepTenantPolls, polledTriggers } from './scheduling/polling/keep-polls.ts';
import type { PollPlace } from './scheduling/polling/poll-keeper.ts';
import type { NamedCalendars } from './scheduling/schedule-calendars.ts';
import type { ScheduleParts } from './scheduling/schedule-parts.ts';
import { createStorageUpkeep, type StorageUpkeep, type StorageUpkeepOptions } from './storage-upkeep.ts';
import { createAskConnector } from './webhooks/inbound/ask-connector.ts';

/** What schedules and polling are bound to. */
export interface HubSchedulesOptions
  extends Omit<ScheduleParts, 'calendars' | 'storage' | 'clock'>,
    Omit<PollParts, 'askConnector' | 'isAwaited' | 'storage' | 'publisher' | 'receiptDays'>,
    Pick<ResolvedOptions, 'storage' | 'schedules' | 'logger' | 'plans'>,
    Pick<StorageUpkeepOptions, 'holder'> {
  readonly network: Pick<Network, 'request'>;
  readonly registry: ConnectorRegistry;
  readonly compiled: CompiledConfigurations;
  readonly userAgent: string;
  /** What fires and looks joins them. */
  readonly executors: Map<string, Executor>;
}

/** Schedules of the hub. */
export interface HubSchedules {
  readonly services: {
    readonly named: NamedCalendars;
    readonly feeds: CalendarFeeds;
    /** Has what a tenant waits for be polled from now on, after a change. */
    readonly keepPolls: (tenant: string) => Promise<void>;
  };
  readonly upkeep: StorageUpkeep;
  /** Takes in again what a look has found and could not publish then. */
  readonly replayPolled: (receipt: FullReceipt) => Promise<number>;
}

/** Binds schedules and polling: what fires and looks, and what sees to it that each is looked after. */
export function createHubSchedules(options: HubSchedulesOptions): HubSchedules {
  const { executors, network, userAgent, schedules, registry, compiled, ...common } = options;
  const { storage, clock } = common;
  const calendars = { named: schedules.named, feeds: createCalendarFeeds({ network, states: storage.states, userAgent }) };
  const isAwaited = awaitedBy(compiled, registry);
  const firing = createScheduleExecutor({ ...common, calendars });
  executors.set(firing.handler, firing);
  const askConnector = createAskConnector(clock);
  const polling = { ...common, isAwaited, askConnector, receiptDays: createReceiptDays(common) };
  const polled = new Set(registry.list().flatMap((connector) => (polledTriggers(connector).length === 0 ? [] : [connector.id])));
  for (const id of polled) {
    const looking = createPollExecutor(polling, { id, registry });
    executors.set(looking.handler, looking);
  }
  const keeping = { ...common, isAwaited, registry, connectors: [...polled] };
  const maintain = async (): Promise<void> => {
    await keepSchedules(common);
    await keepPolls(keeping);
  };
  // One process at a time. A change sends its keeper by itself, so this only mends.
  const figures = { name: 'trigger-keeping', everyMs: 300_000, lookMs: 60_000 };
  return {
    services: { ...calendars, keepPolls: (tenant) => keepTenantPolls(keeping, tenant) },
    replayPolled: (receipt) => replayPolled({ ...polling, connectorOf: connectorOf(common.cache, registry) }, receipt),
    upkeep: createStorageUpkeep({ ...common, storage: { leases: storage.leases, maintain }, figures }),
  };
}

/** The connector of a receipt's connection, where it is there. */
function connectorOf(cache: ConfigurationCache, registry: ConnectorRegistry): (receipt: FullReceipt) => Promise<Connector | undefined> {
  return async ({ tenant, connection, connector }) => {
    const row = (await cache.current(tenant)).connection(connection ?? '');
    return row?.value.connector === connector ? registry.findFor(row.value) : undefined;
  };
}

/** Whether an automation, a subscriber, an endpoint or the search index waits for the events of a trigger through a connection. */
function awaitedBy(
  compiled: CompiledConfigurations,
  registry: ConnectorRegistry,
): (configuration: TenantConfiguration, place: PollPlace) => boolean {
  return (configuration, { connector, trigger, connection }) => {
    const tenant = compiled.of(configuration);
    const type = `${connector}.${trigger}`;
    const starts = tenant.automationsFor(type).some(({ definition }) => {
      const named = 'event' in definition.trigger ? definition.trigger.connection : undefined;
      return named === undefined || findConnection(configuration, connector, named)?.id === connection;
    });
    const takesOut = contentsDeletedBy({ type, connection }, { configuration, registry }).length > 0;
    return starts || takesOut || tenant.subscribersFor(type).length > 0 || tenant.endpointsFor(type).length > 0;
  };
}
