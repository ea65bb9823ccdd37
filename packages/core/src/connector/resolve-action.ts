import { closestName } from '../errors/closest-name.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { ActionDefinition } from './action-definition.ts';
import { type ConnectorCatalogue, findEntries, getEntry, splitName } from './connector-catalogue.ts';
import type { Connector } from './connector-definition.ts';

/** An action found by its qualified name. */
export interface ResolvedAction {
  readonly connector: Connector;
  readonly major: number;
  /** Name within the connector, `create_issue`. */
  readonly action: string;
  readonly definition: ActionDefinition;
}

/**
 * The action `{connector}.{action}` of the newest major, or of the wanted one. It never falls back to another major, which could
 * do something else. Throws `unknown_connector` or `unknown_action`, naming what exists.
 */
export function resolveAction(catalogue: ConnectorCatalogue, name: string, wanted?: number): ResolvedAction {
  const [id, action] = splitName(name);
  const { connector, major } = getEntry(catalogue, id, wanted);
  const definition = Object.hasOwn(connector.actions, action) ? connector.actions[action] : undefined;
  if (definition) return { connector, major, action, definition };
  const elsewhere = findEntries(catalogue, id).filter((entry) => Object.hasOwn(entry.connector.actions, action));
  const hint = elsewhere.length === 0 ? '' : ` Major ${elsewhere.map((entry) => entry.major).join(' and ')} has it.`;
  const names = Object.keys(connector.actions);
  const closest = hint === '' ? closestName(action, names) : undefined;
  throw new PatchbayError({
    code: 'unknown_action',
    message: `The connector ${id}@${major} has no action ${action || '(empty name)'}${closest === undefined ? '.' : `; did you mean ${closest}?`} Its actions: ${names.join(', ') || 'none'}.${hint}`,
  });
}

/** The action of the newest major that has it. Throws as {@link resolveAction} does, naming what the newest has. */
export function resolveAny(catalogue: ConnectorCatalogue, name: string): ResolvedAction {
  const [id, action] = splitName(name);
  const having = findEntries(catalogue, id).find(({ connector }) => Object.hasOwn(connector.actions, action));
  return resolveAction(catalogue, name, having?.major);
}
