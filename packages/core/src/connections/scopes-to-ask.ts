import type { Connector } from '../connector/connector-definition.ts';
import { scopeNames } from '../connector/missing-scopes.ts';
import type { OAuth2Auth } from '../connector/oauth2-auth.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** What a scope is: printable, and nothing that separates it from the next (RFC 6749, section 3.3). */
const scopeShape = /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,256}$/;

/** Scopes to ask for: the connector's own, those of the actions that are enabled, and what the host adds. Each once. */
export function scopesToAsk(
  connector: Connector,
  method: OAuth2Auth,
  input: { readonly actions?: readonly string[]; readonly scopes?: readonly string[] },
): readonly string[] {
  const names = input.actions ?? Object.keys(connector.actions);
  const needed = names.flatMap((name) => {
    const action = Object.hasOwn(connector.actions, name) ? connector.actions[name] : undefined;
    if (!action) throw unknownAction(connector, name);
    return scopeNames(action.scopes);
  });
  for (const scope of input.scopes ?? []) if (typeof scope !== 'string' || !scopeShape.test(scope)) throw noScope();
  return [...new Set([...(method.scopes ?? []), ...scopeNames(connector.definition.scopes), ...needed, ...(input.scopes ?? [])])];
}

function unknownAction({ id, actions }: Connector, name: string): PatchbayError {
  return new PatchbayError({
    code: 'unknown_action',
    message: `The connector ${id} has no action ${name.slice(0, 100)}. It has: ${Object.keys(actions).join(', ')}.`,
  });
}

function noScope(): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message: 'A scope is a text of 1 to 256 characters without spaces, commas and quotes.',
  });
}
