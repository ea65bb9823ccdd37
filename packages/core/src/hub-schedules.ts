import type { Executor } from './contracts/executor.ts';
import type { Network } from './net/create-network.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { type CalendarFeeds, createCalendarFeeds } from './scheduling/calendar-feeds.ts';
import { createScheduleExecutor, type ScheduleParts } from './scheduling/create-schedule-executor.ts';
import { type KeepSchedulesParts, keepSchedules } from './scheduling/keep-schedules.ts';
import type { NamedCalendars } from './scheduling/schedule-calendars.ts';
import { createStorageUpkeep, type StorageUpkeep, type StorageUpkeepOptions } from './storage-upkeep.ts';

/** What schedules are bound to. */
export interface HubSchedulesOptions
  extends Omit<ScheduleParts, 'calendars' | 'storage' | 'clock'>,
    Pick<ResolvedOptions, 'storage' | 'schedules' | 'clock' | 'logger'>,
    Pick<StorageUpkeepOptions, 'holder'> {
  readonly network: Pick<Network, 'request'>;
  readonly userAgent: string;
  /** What fires schedules joins them. */
  readonly executors: Map<string, Executor>;
}

/** Schedules of the hub. */
export interface HubSchedules {
  readonly calendars: { readonly named: NamedCalendars; readonly feeds: CalendarFeeds };
  readonly upkeep: StorageUpkeep;
}

/** Binds schedules: what fires them, and what sees to it that each is looked after. */
export function createHubSchedules({ executors, network, userAgent, schedules, ...common }: HubSchedulesOptions): HubSchedules {
  const { states } = common.storage;
  const calendars = { named: schedules.named, feeds: createCalendarFeeds({ network, states, userAgent }) };
  const executor = createScheduleExecutor({ ...common, calendars });
  executors.set(executor.handler, executor);
  return { calendars, upkeep: keepingUpkeep(common) };
}

/** One process at a time: a change sends its keeper by itself, so this only mends. */
function keepingUpkeep(
  common: KeepSchedulesParts & Omit<StorageUpkeepOptions, 'storage' | 'figures'> & Pick<ResolvedOptions, 'storage'>,
): StorageUpkeep {
  const { storage } = common;
  const maintain = (): Promise<void> => keepSchedules(common);
  const figures = { name: 'schedule-keeping', everyMs: 600_000, lookMs: 60_000 };
  return createStorageUpkeep({ ...common, storage: { leases: storage.leases, maintain }, figures });
}
