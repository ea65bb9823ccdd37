import type { Credential } from '../connector/auth-method.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** Throws `credential_missing` for a kind that the connector does not take. */
export function requireMethod(connector: Connector, credential: Credential): void {
  const offered = connector.definition.auth.map((method) => method.type);
  if (offered.includes(credential.type)) return;
  throw new PatchbayError({
    code: 'credential_missing',
    message: `The connector ${connector.id} does not take a credential of type ${credential.type}. It takes: ${offered.join(', ')}.`,
  });
}
