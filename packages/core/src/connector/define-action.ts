import type { ActionDefinition } from './action-definition.ts';
import type { Schema } from './schema.ts';

/** Identity function that infers an action's input and output from its schemas. */
export function defineAction<In extends Schema, Out extends Schema>(definition: ActionDefinition<In, Out>): ActionDefinition<In, Out> {
  return definition;
}
