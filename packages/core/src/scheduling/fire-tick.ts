import type { ScheduleRule } from '../automation/automation-definition.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { IngestState, Revision } from '../contracts/hot-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { buildEvent } from '../events/build-event.ts';
import { eventData } from '../events/event-data.ts';
import { configurationAt } from '../webhooks/inbound/configuration-at.ts';
import { usualZone } from './cron-times.ts';
import { lateAfterMs } from './due-ticks.ts';
import type { LocalTime } from './local-times.ts';
import type { ScheduleParts } from './schedule-parts.ts';
import { afterFiring, type ScheduleState, writeScheduleState } from './schedule-state.ts';

/** One time of a schedule that has come. */
export interface Tick {
  readonly tenant: string;
  readonly row: Row<'automation'>;
  readonly rule: ScheduleRule;
  /** Milliseconds since 1970. */
  readonly tick: number;
  readonly local: LocalTime;
  readonly now: number;
  /** Times that this look has passed over. */
  readonly missed: number;
  /** The state before it. */
  readonly state: Omit<IngestState, 'value'> & { readonly value: ScheduleState };
}

/**
 * Publishes the event of one time, together with the state behind it. However many processes come to a time, it is one event: its guard is made of
 * the automation and the time, whatever its version. Throws `conflict` where the automation has been changed, or another process has moved on.
 */
export async function fireTick(parts: ScheduleParts, fired: Tick): Promise<ScheduleState> {
  const { publisher, generateId, cache } = parts;
  const { tenant, row, tick, now, state } = fired;
  const { bytes, data } = eventData(dataOf(fired), 'The data of a schedule');
  const event = buildEvent({
    ...{ tenant, id: generateId(), type: 'schedule.fired', time: tick, subject: row.name },
    ...{ class: 'custom', severity: 'info', data: bytes },
  });
  const after = afterFiring(state.value, { scheduledFor: tick, firedAt: now, eventId: event.id });
  const admit = async (revision: Revision): Promise<void> => {
    const known = (await configurationAt(cache, tenant, revision)).automations.find(({ id }) => id === row.id);
    if (known?.version !== row.version) throw changed();
  };
  const dedupe = { key: `schedule:${row.id}:${tick}`, hash: null };
  const written = { name: state.name, expect: state.expect, value: writeScheduleState(after) };
  await publisher.publish({ event, data, dedupe, automation: row.id, admit, state: written });
  return after;
}

function dataOf({ rule, tick, local, now, missed }: Tick) {
  return {
    scheduledFor: new Date(tick).toISOString(),
    local: `${local.day}T${local.time}`,
    timezone: rule.timezone ?? usualZone,
    late: now - tick > lateAfterMs,
    missed,
  };
}

function changed(): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: 'The automation has been changed. Its schedule goes by what is new.',
    retryable: true,
  });
}
