import type { ActionDefinition } from '../connector/action-definition.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { missingScopes, scopeNames } from '../connector/missing-scopes.ts';
import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** Throws `scope_missing` where the connection is known not to be allowed what the action needs. Nothing is sent then. */
export function requireScopes(
  { id, definition }: Pick<Connector, 'id' | 'definition'>,
  action: { readonly name: string; readonly definition: Pick<ActionDefinition, 'scopes'> | undefined },
  { grantedScopes }: Pick<ConnectionRecord, 'grantedScopes'>,
): void {
  const missing = missingScopes(definition, scopeNames(action.definition?.scopes), grantedScopes);
  if (missing.length === 0) return;
  throw new PatchbayError({
    code: 'scope_missing',
    message: `${id}.${action.name} needs ${missing.join(', ')}, which the connection was not granted. Connect the account again with it.`,
    details: { missing: [...missing] },
    sent: 'no',
  });
}
