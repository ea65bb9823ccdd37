import type { Schema } from './schema.ts';
import type { TriggerDefinition } from './trigger-definition.ts';

/** Identity function that infers a trigger's payload from its schema. */
export function defineTrigger<Payload extends Schema>(definition: TriggerDefinition<Payload>): TriggerDefinition<Payload> {
  return definition;
}
