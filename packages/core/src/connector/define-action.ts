import type { ActionDefinition } from './action-definition.ts';
import type { Flags } from './flag-declaration.ts';
import type { Schema } from './schema.ts';

// The defaults are NoConfiguration and NoFlags in full: an alias would have to be imported wherever the type of an action is written down.
/** Identity function that infers an action's input and output from its schemas, and what it reads of the tenant's configuration and flags. */
export function defineAction<
  In extends Schema,
  Out extends Schema,
  Configuration extends Schema = Schema<never, Readonly<Record<never, never>>>,
  F extends Flags = Readonly<Record<never, never>>,
>(definition: ActionDefinition<In, Out, Configuration, F>): ActionDefinition<In, Out, Configuration, F> {
  return definition;
}
