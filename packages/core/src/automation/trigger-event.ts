import { isJsonObject } from '../json/is-json-object.ts';
import type { Trigger } from './automation-definition.ts';

/** Types of events that start one automation alone: whoever publishes one names the automation. */
export type OwnEventType = 'manual.requested' | 'schedule.fired' | 'button.pressed' | 'form.submitted';

/** The one that each kind of trigger starts on. */
const ownEvents = {
  manual: 'manual.requested',
  schedule: 'schedule.fired',
  button: 'button.pressed',
  form: 'form.submitted',
} as const satisfies Readonly<Record<string, OwnEventType>>;

/** The type of event that starts this automation alone; `undefined` for one that is looked up by the type of any event. */
export function ownEventOf(trigger: Trigger): OwnEventType | undefined {
  for (const [kind, type] of Object.entries(ownEvents)) if (Object.hasOwn(trigger, kind)) return type;
  return undefined;
}

/**
 * The type of event by which planning looks up the automations with this trigger, read without trusting the shape of what is stored; `undefined` for
 * one that is started alone, or cannot be read.
 */
export function eventTypeOf(trigger: unknown): string | undefined {
  const event = isJsonObject(trigger) ? trigger['event'] : undefined;
  return typeof event === 'string' ? event : undefined;
}
