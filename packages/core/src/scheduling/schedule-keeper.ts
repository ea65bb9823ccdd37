import type { ScheduleRule } from '../automation/automation-definition.ts';
import type { AutomationRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Kept } from './keeper.ts';

/** What executes the keepers of schedules. */
export const scheduleHandler = 'schedule';

const named = /^schedule:([0-9a-f-]{36}):([0-9]+)$/;

/** The rule of an automation that is enabled and starts at times; `undefined` for any other. */
export function scheduleOf({ enabled, definition }: AutomationRecord): ScheduleRule | undefined {
  const trigger = isJsonObject(definition) ? definition['trigger'] : undefined;
  const isSchedule = isJsonObject(trigger) && isJsonObject(trigger['schedule']);
  // What stands in the store was read by the parser when it was put.
  return enabled && isSchedule ? (trigger['schedule'] as unknown as ScheduleRule) : undefined;
}

/**
 * The keeper of an automation's schedule. It belongs to one version of the row: whatever is changed, the next keeper goes by what is new from then on,
 * and the one before finds that out.
 */
export function scheduleKeeper(tenant: string, { id, version }: Pick<Row<'automation'>, 'id' | 'version'>): Kept {
  const target = `schedule:${id}`;
  const name = `${target}:${version}`;
  return { tenant, name, target, handler: scheduleHandler, lane: target, operation: 'fire', connection: null };
}

/** The automation and version of the row that a keeper is of, and its turn; `null` for what is none. */
export function readScheduleKeeper(
  input: string | null,
): { readonly automation: string; readonly version: number; readonly turn: number } | null {
  const written: unknown = input === null ? null : JSON.parse(input);
  if (!isJsonObject(written) || typeof written['name'] !== 'string' || typeof written['turn'] !== 'number') return null;
  const [, automation, version] = named.exec(written['name']) ?? [];
  return automation === undefined ? null : { automation, version: Number(version), turn: written['turn'] };
}
