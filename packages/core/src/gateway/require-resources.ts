import type { ActionDefinition } from '../connector/action-definition.ts';
import type { AnyDefinition, Connector } from '../connector/connector-definition.ts';
import { leavesConfinement, useOf } from '../connector/leaves-confinement.ts';
import { namedResources } from '../connector/named-resources.ts';
import { parseWith } from '../connector/parse-with.ts';
import { type PathRequest, resourcesOfPath } from '../connector/resources-of-path.ts';
import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';

/** An action that is about to be run, and what with. */
export interface ConfinedCall {
  readonly name: string;
  readonly definition: Pick<ActionDefinition, 'input' | 'resources'> | undefined;
  /** Not parsed yet. */
  readonly input: Json;
}

/**
 * Throws `resource_refused` where the connection is confined and the action's input names another resource, none, or what cannot be told; nothing
 * is sent then. What is looked at is the input as the action will read it, after its schema. Throws `invalid_input` too.
 */
export async function requireResources(
  { id, definition }: Pick<Connector, 'id' | 'definition'>,
  call: ConfinedCall,
  { confinedTo }: Pick<ConnectionRecord, 'confinedTo'>,
): Promise<void> {
  if (confinedTo === undefined) return;
  const action = call.definition;
  const read: unknown = action && (await parseWith(action.input, call.input, inputOf(`${id}.${call.name}`)));
  const left = leavesConfinement(definition.resources, confinedTo, (kind, name) =>
    namedResources(kind, useOf(action?.resources, name), read),
  );
  if (left !== undefined) throw refused(`${id}.${call.name}`, left);
}

/** The same for one request of the host's own, by its path. */
export function requireResourcePath(
  { id, resources }: Pick<AnyDefinition, 'id' | 'resources'>,
  request: PathRequest,
  { confinedTo }: Pick<ConnectionRecord, 'confinedTo'>,
): void {
  const left = leavesConfinement(resources, confinedTo, (kind) => resourcesOfPath(kind, request));
  if (left !== undefined) throw refused(`A request to ${id}`, left);
}

const inputOf = (name: string) =>
  ({ code: 'invalid_input', what: `The input of ${name}`, advice: 'Nothing was sent. Correct the input.' }) as const;

// Neither the name that was asked for nor those that are allowed: an operator reads errors.
function refused(what: string, kind: string): PatchbayError {
  return new PatchbayError({
    code: 'resource_refused',
    message: `${what} does not stay with a ${kind} that the connection is confined to, so nothing was sent. Name one of those by its own name, or change confinedTo.`,
    details: { resource: kind },
    sent: 'no',
  });
}
