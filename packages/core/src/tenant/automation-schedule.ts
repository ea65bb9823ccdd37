import { PatchbayError } from '../errors/patchbay-error.ts';
import { cronTimes } from '../scheduling/cron-times.ts';
import { nextTick } from '../scheduling/due-ticks.ts';
import { sendKeeper } from '../scheduling/keeper.ts';
import { wantedDays } from '../scheduling/schedule-calendars.ts';
import { scheduleKeeper, scheduleOf } from '../scheduling/schedule-keeper.ts';
import { type FiredTick, type MissedRun, readScheduleState, scheduleStateName } from '../scheduling/schedule-state.ts';
import { automationRow, storedDefinition } from './automation-view.ts';
import type { TenantScope } from './tenant-services.ts';

/** When a schedule fires, and when it has. Times are milliseconds since 1970. */
export interface AutomationSchedule {
  /** `null` while it is disabled or waits for a calendar, and where no time is within reach. */
  readonly nextAt: number | null;
  /** The last one. */
  readonly last: FiredTick | null;
  /** The last 20, the newest first. */
  readonly fired: readonly FiredTick[];
  /** The last 20 times that something was missed, the newest first. */
  readonly missed: readonly MissedRun[];
  /** All of them since it was made. */
  readonly firings: number;
  readonly misses: number;
  /** Why nothing fires at the moment: a calendar that cannot be read. */
  readonly waitsFor: string | null;
}

/** The schedule of an automation as it stands. */
export async function automationSchedule(scope: TenantScope, reference: string): Promise<AutomationSchedule> {
  const { tenant, storage, schedules, clock } = scope;
  const row = await automationRow(scope, reference);
  const rule = scheduleOf({ ...row.value, enabled: true });
  if (rule === undefined)
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `The automation ${row.name} has no schedule. Give it a schedule trigger.`,
    });
  const state = readScheduleState((await storage.states.read(tenant, scheduleStateName(row.id)))?.value);
  const now = await storage.now();
  const times = cronTimes(rule);
  const calendars = { named: schedules.named, feeds: { daysOf: schedules.feeds.keptDays } };
  const days = await wantedDays(calendars, { tenant, rule, times, now });
  const turn = (): Promise<void> => new Promise((resolve) => clock.nextTurn(resolve));
  const isOn = row.value.enabled && 'isWanted' in days;
  const { fired = [], missed = [], firings = 0, misses = 0 } = state ?? {};
  return {
    nextAt: isOn ? await nextTick({ times, isWanted: days.isWanted, turn }, now) : null,
    last: fired[0] ?? null,
    ...{ fired, missed, firings, misses },
    waitsFor: 'waitsFor' in days ? days.waitsFor : null,
  };
}

/** Has somebody look after what an automation starts on from now on: its schedule, or the trigger that is polled for it. */
export async function lookAfterTrigger(scope: TenantScope, automation: string): Promise<void> {
  const { tenant, storage, schedules, registry } = scope;
  const row = await storage.configuration.get(tenant, 'automation', automation);
  if (!row) return;
  if (scheduleOf(row.value) !== undefined) await sendKeeper(scope, scheduleKeeper(tenant, row), await storage.now());
  const { trigger } = storedDefinition(row.value.definition);
  if ('event' in trigger && registry.findTrigger(trigger.event)?.definition.polling) await schedules.keepPolls(tenant);
}
