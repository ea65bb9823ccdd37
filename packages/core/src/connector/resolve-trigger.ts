import { PatchbayError } from '../errors/patchbay-error.ts';
import { type ConnectorCatalogue, findEntries, getEntry, splitName } from './connector-catalogue.ts';
import type { Connector } from './connector-definition.ts';
import type { TriggerDefinition } from './trigger-definition.ts';

/** A trigger found by its event type. */
export interface ResolvedTrigger {
  readonly connector: Connector;
  readonly major: number;
  /** Name within the connector, `issue.opened`. */
  readonly trigger: string;
  readonly definition: TriggerDefinition;
}

/** The trigger of an event type, of the newest major that has it, or of the wanted major; `undefined` for any other type. */
export function findTrigger(catalogue: ConnectorCatalogue, type: string, wanted?: number): ResolvedTrigger | undefined {
  const [id, trigger] = splitName(type);
  for (const { connector, major } of findEntries(catalogue, id, wanted)) {
    const definition = Object.hasOwn(connector.triggers, trigger) ? connector.triggers[trigger] : undefined;
    if (definition) return { connector, major, trigger, definition };
  }
  return undefined;
}

/** Like {@link findTrigger}, and throws `unknown_connector` or `unknown_trigger`, naming what exists. */
export function resolveTrigger(catalogue: ConnectorCatalogue, type: string, wanted?: number): ResolvedTrigger {
  const found = findTrigger(catalogue, type, wanted);
  if (found) return found;
  const [id, trigger] = splitName(type);
  const { connector, major } = getEntry(catalogue, id, wanted);
  const there = Object.keys(connector.triggers).join(', ') || 'none';
  throw new PatchbayError({
    code: 'unknown_trigger',
    message: `The connector ${id}@${major} has no trigger ${trigger || '(empty name)'}. Its triggers: ${there}.`,
  });
}
