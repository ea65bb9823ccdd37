import type { Flags } from './flag-declaration.ts';
import type { Schema } from './schema.ts';
import type { TriggerDefinition } from './trigger-definition.ts';

/** Identity function that infers a trigger's payload from its schema, and what it reads of the tenant's configuration and flags. */
export function defineTrigger<
  Payload extends Schema,
  Configuration extends Schema = Schema<never, Readonly<Record<never, never>>>,
  F extends Flags = Readonly<Record<never, never>>,
>(definition: TriggerDefinition<Payload, Configuration, F>): TriggerDefinition<Payload, Configuration, F> {
  return definition;
}
