import type { CompiledAutomation } from '../automation/compile-automation.ts';
import { eventTypesOf, ownEventOf } from '../automation/trigger-event.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';
import { type ClosedWindow, type ReadTally, recentEvents } from './recent-events.ts';
import type { TenantScope } from './tenant-services.ts';

/** The types of events that an automation starts on. */
export function typesOf({ definition: { trigger } }: CompiledAutomation): readonly string[] {
  const own = ownEventOf(trigger);
  return own === undefined ? eventTypesOf(trigger) : [own];
}

/** Stored events that some of these could start on, newest first of each kind of trigger; what is read is told in `tally`. */
export async function* eventsForAutomations(
  scope: TenantScope,
  automations: readonly CompiledAutomation[],
  window: ClosedWindow,
  tally: ReadTally,
): AsyncGenerator<EventRecord> {
  const seen = new Set<string>();
  for (const automation of automations) {
    const types = typesOf(automation).filter((type) => !seen.has(type));
    for (const type of types) seen.add(type);
    const isOwn = ownEventOf(automation.definition.trigger) !== undefined;
    for await (const record of recentEvents(scope, types, window, tally)) if (!isOwn || isFor(automation, record)) yield record;
  }
}

/** An event that starts one automation alone names it. */
function isFor({ id }: CompiledAutomation, { considered }: EventRecord): boolean {
  return considered.some(({ automation }) => automation === id);
}
