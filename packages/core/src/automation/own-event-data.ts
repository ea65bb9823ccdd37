import type { JsonObject } from '../json/json.ts';
import type { Trigger } from './automation-definition.ts';

const text = { type: 'string' } as const;

/** What a schedule's event holds. */
const fired: JsonObject = {
  type: 'object',
  properties: { scheduledFor: text, local: text, timezone: text, late: { type: 'boolean' }, missed: { type: 'integer' } },
  additionalProperties: false,
};

/** Data of the event that starts an automation alone, as JSON Schema; `undefined` where anything may be handed in, and for other triggers. */
export function ownEventData(trigger: Trigger): JsonObject | undefined {
  if ('schedule' in trigger) return fired;
  if ('form' in trigger) return closed(trigger.form.schema);
  if (!('button' in trigger)) return undefined;
  const input = closed(trigger.button.input ?? { type: 'object', properties: {} });
  return { type: 'object', properties: { pressedBy: text, input }, additionalProperties: false };
}

/** Of a form nothing is taken that it does not name. */
function closed(schema: object): JsonObject {
  return { ...(schema as JsonObject), additionalProperties: false };
}
