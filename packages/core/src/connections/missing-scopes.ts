import type { Connector } from '../connector/connector-definition.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** Scopes that are needed and neither granted nor implied by one that is, in the order of `needed`. */
export function missingScopes(connector: Connector, needed: readonly string[], granted: readonly string[]): readonly string[] {
  const method = connector.definition.auth.find((each) => each.type === 'oauth2');
  const implied = method?.impliedScopes ?? {};
  const known = new Set(granted);
  // A set that grows while it is walked is walked to its new end: what is implied may imply more.
  for (const scope of known) for (const lesser of implied[scope] ?? []) known.add(lesser);
  return needed.filter((scope) => !known.has(scope));
}

/**
 * Refuses an action that lacks a scope of its connection, before anything is sent. A connection of which nobody has said what was granted is
 * left to the service. Throws `scope_missing`.
 */
export function requireScopes(connector: Connector, operation: string, { value }: Row<'connection'>): void {
  const action = Object.hasOwn(connector.actions, operation) ? connector.actions[operation] : undefined;
  if (value.grantedScopes === undefined || !action?.scopes) return;
  const needed = action.scopes.map((scope) => (typeof scope === 'string' ? scope : scope.scope));
  const missing = missingScopes(connector, needed, value.grantedScopes);
  if (missing.length === 0) return;
  throw new PatchbayError({
    code: 'scope_missing',
    message: `The connection ${value.name} was not given the permission ${missing.join(', ')}, which ${connector.id}.${operation} needs. Connect the account again, and give it.`,
    details: { missing: [...missing] },
    sent: 'no',
  });
}
