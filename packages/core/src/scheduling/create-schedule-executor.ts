import type { ScheduleRule } from '../automation/automation-definition.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { Executor, Outcome, Work } from '../contracts/executor.ts';
import { keeperPolicy } from '../dispatch/keeper-policy.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { cronTimes } from './cron-times.ts';
import { dueTicks, nextTick, type Ticks } from './due-ticks.ts';
import { fireTick } from './fire-tick.ts';
import { comeBack, keptNoMore, sendKeeper, turnAt } from './keeper.ts';
import { wantedDays } from './schedule-calendars.ts';
import { readScheduleKeeper, scheduleHandler, scheduleKeeper, scheduleOf } from './schedule-keeper.ts';
import type { ScheduleParts } from './schedule-parts.ts';
import {
  afterMissing,
  freshSchedule,
  readScheduleState,
  type ScheduleState,
  scheduleStateName,
  writeScheduleState,
} from './schedule-state.ts';

/** Milliseconds until a schedule is looked at again whose calendar cannot be read, and until another process has been waited for. */
const waitMs = 300_000;
const againMs = 1_000;

/** Longest sleep of a keeper, milliseconds: feeds change. */
const longestSleepMs = 6 * 3_600_000;

/** Executes what looks after schedules. All of it is decided from the store's state and clock, so that a second look changes nothing. */
export function createScheduleExecutor(parts: ScheduleParts): Executor {
  return {
    handler: scheduleHandler,
    policy: () => keeperPolicy,
    async execute(work) {
      try {
        return await look(parts, work);
      } catch (error) {
        // Another process was faster, or the automation was changed meanwhile.
        if (isPatchbayError(error) && error.code === 'conflict') return comeBack(againMs, 'moved');
        return { outcome: 'failed', error: toErrorRecord(error), retryable: true };
      }
    },
  };
}

async function look(parts: ScheduleParts, { dispatch }: Work): Promise<Outcome> {
  const { tenant } = dispatch.key;
  const kept = readScheduleKeeper(dispatch.input);
  const row = kept && (await parts.cache.current(tenant)).automations.find(({ id }) => id === kept.automation);
  const rule = row && row.version === kept.version ? scheduleOf(row.value) : undefined;
  if (!kept || !row || !rule) return keptNoMore;
  const now = await parts.storage.now();
  if (turnAt(now) > kept.turn) {
    await sendKeeper(parts, scheduleKeeper(tenant, row), now);
    return keptNoMore;
  }
  return fireDue(parts, { tenant, row, rule, now });
}

interface Scheduled {
  readonly tenant: string;
  readonly row: Row<'automation'>;
  readonly rule: ScheduleRule;
  readonly now: number;
}

async function fireDue(parts: ScheduleParts, { tenant, row, rule, now }: Scheduled): Promise<Outcome> {
  const { states } = parts.storage;
  const name = scheduleStateName(row.id);
  const entry = await states.read(tenant, name);
  const since = row.value.scheduledSince ?? row.updatedAt;
  const known = readScheduleState(entry?.value) ?? freshSchedule(since);
  const place = { tenant, name, expect: entry?.version ?? ('absent' as const) };
  const times = cronTimes(rule);
  const after = Math.max(known.cursor, since);
  const days = await wantedDays(parts.calendars, { tenant, rule, times, now, since: Math.min(after, now) });
  const facts = { tenant, automationId: row.id, name: row.name, at: now };
  if (days.failing !== null) parts.notify('schedule.calendar_failed', { ...facts, reason: days.failing });
  if ('waitsFor' in days) {
    if (known.waitsFor !== days.waitsFor)
      await states.write([{ ...place, value: writeScheduleState({ ...known, waitsFor: days.waitsFor }) }]);
    return comeBack(waitMs, 'calendar');
  }
  const turn = (): Promise<void> => new Promise((resolve) => parts.clock.nextTurn(resolve));
  const ticks: Ticks = { times, isWanted: days.isWanted, turn };
  const due = await dueTicks(ticks, rule, { after, now });
  const missed = due.missed && { ...due.missed, noticedAt: now };
  let state: ScheduleState = { ...(missed ? afterMissing(known, missed) : known), waitsFor: null };
  let expect: number | 'absent' = place.expect;
  for (const tick of due.fire) {
    state = await fireTick(parts, {
      tenant,
      row,
      rule,
      local: times.local(tick),
      tick,
      now,
      missed: missed?.count ?? 0,
      state: { name, expect, value: state },
    });
    expect = expect === 'absent' ? 1 : expect + 1;
  }
  const cursor = Math.max(state.cursor, due.passed ?? 0);
  if (cursor !== state.cursor || (due.fire.length === 0 && (missed || known.waitsFor !== null))) {
    const [verdict] = await states.write([{ tenant, name, expect, value: writeScheduleState({ ...state, cursor }) }]);
    if (verdict?.status === 'conflict') return comeBack(againMs, 'moved');
  }
  if (missed) parts.notify('schedule.missed', { ...facts, count: missed.count, first: missed.first, last: missed.last });
  const next = await nextTick(ticks, now);
  return comeBack(next === null ? longestSleepMs : Math.min(longestSleepMs, next - now), 'waits');
}
